using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Ipam;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>Addresses are addresses and ranges are ranges, in claims and in those that a ClusterDeployment has made.</summary>
internal sealed class IpamClaimRule(string? within = null) : IManifestRule
{
    public IEnumerable<FieldProblem> Check(ManifestInput input)
    {
        var path = within is null ? "spec" : $"spec.{within}.spec";
        var spec = within is null ? input.Spec : input.Spec[within]?["spec"] as JsonObject;
        ClusterIpamClaimSpec? claim;
        try
        {
            claim = spec?.Deserialize(ContractsJson.Default.ClusterIpamClaimSpec);
        }
        catch (JsonException)
        {
            return [];
        }
        return claim is null
            ? []
            : [.. Of(claim.NodeNetwork, $"{path}.nodeNetwork"), .. Of(claim.ClusterNetwork, $"{path}.clusterNetwork"), .. Of(claim.ExternalNetwork, $"{path}.externalNetwork")];
    }

    private static IEnumerable<FieldProblem> Of(AddressSpace? space, string path)
    {
        if (space is null)
            yield break;
        if (space.Cidr is { Length: > 0 } cidr && !IsRange(cidr))
            yield return new($"{path}.cidr", $"\"{cidr}\" is no range such as 10.0.0.0/24");
        if (space.Gateway is { Length: > 0 } gateway && !IPAddress.TryParse(gateway, out _))
            yield return new($"{path}.gateway", $"\"{gateway}\" is no address");
        if (space.Prefix is < 0 or > 128)
            yield return new($"{path}.prefix", $"must be between 0 and 128, but is {space.Prefix}");
        var addresses = space.IpAddresses ?? [];
        for (var index = 0; index < addresses.Count; index++)
            if (!IPAddress.TryParse(addresses[index], out _) && !IsSpan(addresses[index]) && !IsRange(addresses[index]))
                yield return new($"{path}.ipAddresses[{index}]", $"\"{addresses[index]}\" is neither an address nor a range of addresses");
    }

    // Host bits may be set: upstream takes the network of the address.
    private static bool IsRange(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && IPAddress.TryParse(text[..slash], out var address) && byte.TryParse(text[(slash + 1)..], out var length)
            && length <= address.GetAddressBytes().Length * 8;
    }

    private static bool IsSpan(string text)
    {
        var ends = text.Split('-');
        return ends.Length == 2 && IPAddress.TryParse(ends[0].Trim(), out var first) && IPAddress.TryParse(ends[1].Trim(), out var last)
            && first.AddressFamily == last.AddressFamily;
    }
}
