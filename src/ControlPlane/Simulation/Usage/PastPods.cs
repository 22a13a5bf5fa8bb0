using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;

namespace Fleet.ControlPlane.Simulation.Usage;

/// <summary>
/// For filling up history: the pods that a cluster's workloads would have had, had they always been there. Every few days a workload is released anew
/// and all its pods are replaced. Nothing is remembered: the same cluster, workload and time give the same pods, uids included, so that back-fill can be
/// done in pieces and again. Deployments, StatefulSets and DaemonSets; what runs to completion left no pods behind.
/// </summary>
public static class PastPods
{
    private static readonly DateTimeOffset Origin = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Of all workloads that a cluster has now, in its present sizes and on its present nodes. What found no node to run on had no pods.</summary>
    public static IEnumerable<PastPod> Of(IClusterApi cluster, DateTimeOffset from, DateTimeOffset to)
    {
        var nodes = cluster.List(CoreKinds.Node);
        var spaces = PodLoads.Namespaces(cluster);
        var present = cluster.List(CoreKinds.Pod).ToLookup(pod => (pod.NamespaceOf(), WorkloadName.Of(pod)), pod => pod.Text("spec", "nodeName") ?? "");
        foreach (var kind in new[] { CoreKinds.Deployment, CoreKinds.StatefulSet, CoreKinds.DaemonSet })
        {
            foreach (var workload in cluster.List(kind))
            {
                var pods = present[(workload.NamespaceOf(), workload.NameOf())].ToList();
                var places = pods.Count == 0 ? null : pods.Where(node => node.Length > 0).Order(StringComparer.Ordinal).ToList();
                foreach (var pod in Of(cluster.Name, kind.Kind, workload, nodes, spaces(workload.NamespaceOf()), from, to, places))
                    yield return pod;
            }
        }
    }

    /// <summary>Of one workload; pods that were there at any moment between the times.</summary>
    /// <param name="places">Nodes of the pods that it has at once; null: by what the nodes admit.</param>
    public static IEnumerable<PastPod> Of(
        string cluster, string kind, JsonObject workload, IReadOnlyList<JsonObject> nodes, JsonObject? space, DateTimeOffset from, DateTimeOffset to,
        IReadOnlyList<string>? places = null)
    {
        var seed = $"{cluster}/{workload.NamespaceOf()}/{kind}/{workload.NameOf()}";
        places ??= Places(kind, workload, nodes);
        foreach (var (release, start, end) in Releases(seed, from, to))
        {
            for (var i = 0; i < places.Count; i++)
            {
                var pod = Pod(seed, kind, workload, release, i, places[i]);
                yield return new(pod, (kind, workload.NameOf()), start, end, PodLoads.Of(cluster, pod, space, workload.NameOf()));
            }
        }
    }

    /// <summary>The node of each pod that the workload has at once; empty: on none that is known.</summary>
    private static List<string> Places(string kind, JsonObject workload, IReadOnlyList<JsonObject> nodes)
    {
        var template = new JsonObject { ["spec"] = workload.Child("spec", "template", "spec")?.DeepClone() };
        var fitting = nodes.Where(n => PodPlacement.Admits(template, new NodeRoom(n))).Select(n => n.NameOf()).ToList();
        if (kind == "DaemonSet")
            return fitting;
        return [.. Enumerable.Range(0, workload.Number("spec", "replicas") ?? 1).Select(i => fitting.Count == 0 ? "" : fitting[i % fitting.Count])];
    }

    /// <summary>From three to sixteen days long each, always the same for a workload.</summary>
    private static IEnumerable<(long Number, DateTimeOffset Start, DateTimeOffset End)> Releases(string seed, DateTimeOffset from, DateTimeOffset to)
    {
        var hash = StableHash.Number(seed + "/releases");
        var length = TimeSpan.FromHours(72 + hash % 312);
        var first = Origin + TimeSpan.FromMinutes((hash >> 20) % (ulong)length.TotalMinutes);
        for (var number = (long)Math.Floor((from - first) / length); first + length * number < to; number++)
            yield return (number, first + length * number, first + length * (number + 1));
    }

    private static JsonObject Pod(string seed, string kind, JsonObject workload, long release, int index, string node)
    {
        var hash = StableHash.Suffix($"{seed}/{release}", 10);
        var name = kind switch
        {
            "StatefulSet" => $"{workload.NameOf()}-{index}",
            "DaemonSet" => $"{workload.NameOf()}-{StableHash.Suffix($"{seed}/{release}/{node}", 5)}",
            _ => $"{workload.NameOf()}-{hash}-{StableHash.Suffix($"{seed}/{release}/{index}", 5)}",
        };
        var owner = kind == "Deployment" ? ("ReplicaSet", $"{workload.NameOf()}-{hash}") : (kind, workload.NameOf());
        var labels = workload.Child("spec", "template", "metadata", "labels")?.DeepClone() as JsonObject ?? [];
        if (kind == "Deployment")
            labels["pod-template-hash"] = hash;
        var spec = workload.Child("spec", "template", "spec")?.DeepClone() as JsonObject ?? [];
        if (node.Length > 0)
            spec["nodeName"] = node;
        if (kind == "StatefulSet")
            Mount(spec, workload, name);
        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = workload.NamespaceOf(),
                ["uid"] = Uid($"{seed}/{release}/{index}/{node}"),
                ["labels"] = labels,
                ["annotations"] = workload.Child("spec", "template", "metadata", "annotations")?.DeepClone(),
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = "apps/v1", ["kind"] = owner.Item1, ["name"] = owner.Item2, ["uid"] = kind == "Deployment" ? Uid($"{seed}/{release}") : workload.Uid(),
                    ["controller"] = true,
                }),
            },
            ["spec"] = spec,
        };
    }

    /// <summary>As its controller does: a claim for each pod and template.</summary>
    private static void Mount(JsonObject spec, JsonObject workload, string pod)
    {
        if (spec["volumes"] is not JsonArray volumes)
            spec["volumes"] = volumes = [];
        foreach (var template in workload.Items("spec", "volumeClaimTemplates"))
            volumes.Add(new JsonObject
            {
                ["name"] = template.Text("metadata", "name"),
                ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = $"{template.Text("metadata", "name")}-{pod}" },
            });
    }

    private static string Uid(string seed) => Guid.ParseExact(StableHash.Hex(seed, 32), "N").ToString();
}
