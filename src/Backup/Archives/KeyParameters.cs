namespace Fleet.Backup.Archives;

/// <summary>How the key of an archive is made from what the user knows. Holds no secret.</summary>
public sealed record KeyParameters
{
    public const string OfPassphrase = "passphrase";

    public const string OfKey = "key";

    /// <summary>OWASP's advice for PBKDF2 with SHA-256, 2023: at least 600,000.</summary>
    public const int FewestIterations = 600_000;

    /// <summary>A header that asks for more would keep its reader busy for minutes.</summary>
    public const int MostIterations = 10_000_000;

    private const string Derivation = "PBKDF2-SHA256";

    /// <summary>Passphrase or key.</summary>
    public required string Source { get; init; }

    /// <summary>For a passphrase.</summary>
    public string? Kdf { get; init; }

    public int? Iterations { get; init; }

    /// <summary>Random for each archive: no two archives share a key, also with the same passphrase.</summary>
    public required byte[] Salt { get; init; }

    /// <summary>Tells a wrong key from a damaged archive.</summary>
    public required byte[] KeyCheck { get; init; }

    internal static KeyParameters ForPassphrase(byte[] salt, int iterations) =>
        new() { Source = OfPassphrase, Kdf = Derivation, Iterations = iterations, Salt = salt, KeyCheck = [] };

    internal static KeyParameters ForKey(byte[] salt) => new() { Source = OfKey, Salt = salt, KeyCheck = [] };

    internal void Check()
    {
        var known = Source switch
        {
            OfPassphrase => Kdf == Derivation && Iterations is >= FewestIterations and <= MostIterations,
            OfKey => Kdf is null && Iterations is null,
            _ => false,
        };
        if (!known || Salt.Length != ArchiveFormat.KeyBytes || KeyCheck.Length != ArchiveFormat.TagBytes)
            throw ArchiveException.Damaged("header", "what it says about its key cannot be right");
    }
}
