using System.Globalization;
using Fleet.Contracts;
using Fleet.Contracts.DataSources;
using Fleet.Contracts.References;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>Servers are host and port, and Secrets have names.</summary>
internal sealed class DataSourceSpecRule() : TypedRule<DataSourceSpec>(ContractsJson.Default.DataSourceSpec)
{
    protected override IEnumerable<FieldProblem> Check(DataSourceSpec spec)
    {
        if (spec.Endpoints.Count == 0)
            yield return new("spec.endpoints", "must hold a server");
        for (var index = 0; index < spec.Endpoints.Count; index++)
            if (!IsHostAndPort(spec.Endpoints[index]))
                yield return new($"spec.endpoints[{index}]", $"\"{spec.Endpoints[index]}\" is no host and port such as db.example.org:5432; scheme and parameters do not belong here");
        foreach (var problem in Named(spec.Auth.Username, "spec.auth.username").Concat(Named(spec.Auth.Password, "spec.auth.password"))
            .Concat(Named(spec.CertificateAuthority, "spec.certificateAuthority")))
            yield return problem;
    }

    private static IEnumerable<FieldProblem> Named(SecretKeyReference? reference, string path)
    {
        if (reference is not null && string.IsNullOrEmpty(reference.Name))
            yield return new($"{path}.name", "must name a Secret");
    }

    private static bool IsHostAndPort(string endpoint)
    {
        var colon = endpoint.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(endpoint.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            return false;
        var host = endpoint[..colon];
        var isBracketed = host.StartsWith('[') && host.EndsWith(']');
        return Uri.CheckHostName(isBracketed ? host[1..^1] : host) is var kind
            && (kind == UriHostNameType.IPv6 ? isBracketed : kind is UriHostNameType.Dns or UriHostNameType.IPv4);
    }
}
