using Fleet.Observability.Objects;

namespace Fleet.Observability.Collection.Agents;

/// <summary>What a look must be, so that pricing it is right: it comes from a machine that is not ours. Pure.</summary>
internal static class LookRules
{
    private const int MostRows = 200_000;

    /// <summary>Null when there is nothing to object to; the text holds nothing that was sent.</summary>
    public static string? Objection(LookDocument look)
    {
        if (look.Version != LookDocument.CurrentVersion)
            return $"looks of version {LookDocument.CurrentVersion} are understood";
        if (look.Nodes.Count + look.Pods.Count + look.Volumes.Count + look.Claims.Count + look.Services.Count + look.Namespaces.Count + look.Departed.Count > MostRows
            || look.Usage.Count + look.Counters.Count + look.WorkingSets.Count + look.VolumesUsed.Count > 4 * MostRows)
            return $"a look has at most {MostRows} objects";
        if (HasNull(look.Nodes) || HasNull(look.Pods) || HasNull(look.Volumes) || HasNull(look.Claims) || HasNull(look.Services) || HasNull(look.Namespaces) || HasNull(look.Departed)
            || HasNull(look.Usage) || HasNull(look.Counters) || HasNull(look.WorkingSets) || HasNull(look.VolumesUsed) || HasNull(look.Problems) || look.Departed.Any(pod => pod.Row is null))
            return "an entry of a list is null";
        if (!look.Nodes.All(IsWhole) || !look.Pods.Concat(look.Departed.Select(pod => pod.Row)).All(IsWhole))
            return "an object lacks a field";
        // Costs are found by these: two of one name would be one, or none.
        if (Repeats(look.Namespaces, row => row.Name) || Repeats(look.Nodes, row => row.Uid) || Repeats(look.Pods, row => row.Uid) || Repeats(look.Volumes, row => row.Uid))
            return "an object comes twice";
        var amounts = look.Nodes.SelectMany(node => (double[])[node.Cores, node.RamBytes, node.Gpus])
            .Concat(look.Pods.Concat(look.Departed.Select(pod => pod.Row)).SelectMany(pod => pod.Containers).SelectMany(Amounts))
            .Concat(look.Volumes.Select(volume => volume.Bytes)).Concat(look.Claims.Select(claim => claim.RequestedBytes))
            .Concat(look.Usage.SelectMany(usage => (double[])[usage.Cores, usage.RamBytes])).Concat(look.WorkingSets.Select(set => set.Bytes)).Concat(look.VolumesUsed.Select(use => use.Bytes));
        if (!amounts.All(amount => double.IsFinite(amount) && amount is >= 0 and < 1e18))
            return "an amount is negative or too large";
        return Math.Abs(look.AheadSeconds) < 1e9 ? null : "its clock is no clock";
    }

    private static IEnumerable<double> Amounts(ContainerRow container) => [container.CpuRequest, container.RamRequest, container.GpuRequest];

    /// <summary>A field that has a usual value may be left out where it is read, and is null then.</summary>
    private static bool IsWhole(NodeRow node) => node is { ProviderId: not null, Address: not null, Labels: not null };

    private static bool IsWhole(PodRow pod) =>
        pod is { Node: not null, ControllerKind: not null, Controller: not null, Labels: not null, Annotations: not null, Containers: not null, Claims: not null, Key: { Namespace: not null, Name: not null } };

    private static bool HasNull<T>(IReadOnlyList<T> rows) where T : class => rows.Any(row => row is null);

    private static bool Repeats<T>(IReadOnlyList<T> rows, Func<T, string> key) => rows.Select(key).Distinct(StringComparer.Ordinal).Count() != rows.Count;
}
