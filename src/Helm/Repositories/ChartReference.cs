using Fleet.Helm.Signatures;

namespace Fleet.Helm.Repositories;

/// <summary>Which chart. <see cref="Version"/> is exact or a range as helm understands it; empty means the newest that is not a pre-release.</summary>
public sealed record ChartReference(RepositorySource Repository, string Chart, string Version)
{
    /// <summary>One of these keys must have signed the chart; null: nobody asks. Only charts of OCI registries carry such signatures.</summary>
    public CosignKeys? Keys { get; init; }
}

/// <summary>A Helm repository: <c>https://…</c>, <c>http://…</c> (index.yaml) or <c>oci://…</c> (registry).</summary>
public sealed record RepositorySource(string Url)
{
    public RepositoryCredentials? Credentials { get; init; }

    /// <summary>PEM certificates that the server's certificate must lead to; null: the system's.</summary>
    public string? CaBundle { get; init; }

    public bool SkipTlsVerify { get; init; }

    /// <summary>Talk HTTP to an OCI registry (<c>spec.insecure</c> of a HelmRepository).</summary>
    public bool PlainHttp { get; init; }

    /// <summary>Send the credentials also to other hosts that the index names. Off: only to the repository's own host.</summary>
    public bool PassCredentials { get; init; }

    public bool IsOci => Url.StartsWith("oci://", StringComparison.Ordinal);
}

/// <summary>User and password (or token as password), never printed.</summary>
public sealed record RepositoryCredentials(string Username, string Password)
{
    public override string ToString() => "RepositoryCredentials(***)";
}
