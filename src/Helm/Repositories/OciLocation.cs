using Fleet.Helm.Errors;

namespace Fleet.Helm.Repositories;

/// <summary>One repository of a registry: the root of its API, its name there, and how messages call it.</summary>
internal sealed record OciLocation(Uri Api, string Repository, string Shown)
{
    public static OciLocation Of(RepositorySource source, string chart)
    {
        var url = source.Url.TrimEnd('/') + (chart.Length > 0 ? "/" + chart : "");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.AbsolutePath.Length < 2)
            throw new HelmException(HelmErrorKind.RepositoryUnreachable, $"\"{source.Url}\" is not an OCI repository, for instance oci://registry.example.org/charts.");
        if (uri.UserInfo.Length > 0)
            throw new HelmException(HelmErrorKind.AuthenticationFailed, "The registry URL carries credentials. Put them into the repository's secretRef.");
        var path = uri.AbsolutePath.Trim('/');
        var scheme = source.PlainHttp ? "http" : "https";
        return new OciLocation(new Uri($"{scheme}://{uri.Authority}/v2/{path}/"), path, $"{uri.Authority}/{path}");
    }

    /// <summary>With a tag or digest, for messages.</summary>
    public string Of(string reference) => reference.StartsWith("sha256:", StringComparison.Ordinal) ? $"{Shown}@{reference}" : $"{Shown}:{reference}";
}
