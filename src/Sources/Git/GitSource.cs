namespace Fleet.Sources.Git;

/// <summary>A revision of a Git repository, by HTTPS, HTTP or SSH.</summary>
public sealed record GitSource(string Url)
{
    public GitReference Reference { get; init; } = new();

    public GitAccess? Access { get; init; }

    /// <summary><c>spec.ignore</c>: lines as in a .gitignore.</summary>
    public string? Ignore { get; init; }

    /// <summary>Only these folders; empty: all.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>Instead of the default time limit.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>Which revision. The first that is set counts, in this order: commit, name, semver, tag, branch.</summary>
public sealed record GitReference
{
    /// <summary>Flux' default.</summary>
    public const string DefaultBranch = "master";

    /// <summary>Forty hexadecimal digits.</summary>
    public string? Commit { get; init; }

    /// <summary>A full name, for instance <c>refs/pull/1/head</c>.</summary>
    public string? Name { get; init; }

    /// <summary>The newest tag inside the range.</summary>
    public string? SemVer { get; init; }

    public string? Tag { get; init; }

    /// <summary>Beside a commit: where to look for it, when the server does not give it away by itself.</summary>
    public string? Branch { get; init; }
}

/// <summary>How to get in. Never printed.</summary>
public sealed class GitAccess
{
    public string? Username { get; init; }
    public string? Password { get; init; }
    public string? BearerToken { get; init; }

    /// <summary>PEM; null: the system's.</summary>
    public string? CaBundle { get; init; }
    public string? ClientCertificate { get; init; }
    public string? ClientKey { get; init; }

    /// <summary>A private key without passphrase.</summary>
    public string? SshIdentity { get; init; }

    /// <summary>Lines of <c>known_hosts</c>. Required with SSH: a host that nobody knows is not talked to.</summary>
    public string? KnownHosts { get; init; }

    public override string ToString() => "GitAccess(***)";
}
