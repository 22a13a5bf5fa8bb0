using System.Globalization;

namespace Fleet.StateManager.Services;

/// <summary>
/// What <c>status.services[].lastDeployedHash</c> says: the fingerprint of what was installed and the revision that Helm gave it, <c>FINGERPRINT@REVISION</c>.
/// The revision tells after a restart whether somebody else has changed the release since.
/// </summary>
internal readonly record struct DeployedHash(string Fingerprint, int Revision)
{
    /// <summary>Null for text of another origin: it then counts as never deployed by us.</summary>
    public static DeployedHash? Parse(string? text)
    {
        var at = text?.LastIndexOf('@') ?? -1;
        return at > 0 && int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? new DeployedHash(text![..at], revision)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Fingerprint}@{Revision}");
}
