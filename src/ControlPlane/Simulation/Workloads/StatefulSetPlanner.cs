using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Workloads;

/// <summary>Which ordinals to make and delete in this step, and the status.</summary>
internal sealed record StatefulSetPlan(
    IReadOnlyList<JsonObject> Create, IReadOnlyList<JsonObject> Claims, IReadOnlyList<ObjectKey> Delete, JsonObject Status, TimeSpan? CheckAgain);

/// <summary>A StatefulSet as kube-controller-manager runs it: in order, one at a time, unless Parallel. Pure.</summary>
internal static class StatefulSetPlanner
{
    public const string RevisionLabel = "controller-revision-hash";

    public static StatefulSetPlan Plan(JsonObject set, IReadOnlyList<JsonObject> pods, DateTimeOffset now)
    {
        var wanted = set.Number("spec", "replicas") ?? 1;
        var parallel = set.Text("spec", "podManagementPolicy") == "Parallel";
        var update = $"{set.NameOf()}-{PodTemplates.Hash(set.Child("spec", "template"))}";
        var current = set.Text("status", "currentRevision") ?? update;
        var byOrdinal = pods.Where(p => Ordinal(set, p) >= 0).ToDictionary(p => Ordinal(set, p));
        var create = new List<JsonObject>();
        var claims = new List<JsonObject>();
        var delete = new List<ObjectKey>();

        foreach (var pod in pods.Where(p => p.IsFinished() && !p.IsDeleting()))
            delete.Add(pod.KeyOf());
        var settled = true;
        for (var i = 0; i < wanted && (settled || parallel); i++)
        {
            if (!byOrdinal.TryGetValue(i, out var pod))
            {
                create.Add(MakePod(set, i, update));
                claims.AddRange(MakeClaims(set, i));
            }
            settled &= pod is not null && !pod.IsDeleting() && pod.IsReady();
        }
        if (settled || parallel)
            delete.AddRange(ScaleDown(byOrdinal, wanted, parallel));
        if (settled && delete.Count == 0)
            delete.AddRange(Outdated(set, byOrdinal, wanted, update));
        var (status, checkAgain) = Status(set, pods, wanted, current, update, now);
        return new(create, claims, [.. delete.Distinct()], status, checkAgain);
    }

    public static int Ordinal(JsonObject set, JsonObject pod)
    {
        var prefix = $"{set.NameOf()}-";
        return pod.NameOf().StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(pod.NameOf()[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : -1;
    }

    private static IEnumerable<ObjectKey> ScaleDown(Dictionary<int, JsonObject> byOrdinal, int wanted, bool parallel)
    {
        var surplus = byOrdinal.Where(p => p.Key >= wanted).OrderByDescending(p => p.Key).ToList();
        if (!parallel && surplus.Exists(p => p.Value.IsDeleting()))
            return [];
        return surplus.Where(p => !p.Value.IsDeleting()).Take(parallel ? int.MaxValue : 1).Select(p => p.Value.KeyOf());
    }

    /// <summary>The highest ordinal of an old revision, once everything else is ready.</summary>
    private static IEnumerable<ObjectKey> Outdated(JsonObject set, Dictionary<int, JsonObject> byOrdinal, int wanted, string update)
    {
        if (set.Text("spec", "updateStrategy", "type") == "OnDelete")
            return [];
        var partition = set.Number("spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
        return byOrdinal.Where(p => p.Key < wanted && p.Key >= partition && p.Value.Label(RevisionLabel) != update)
            .OrderByDescending(p => p.Key).Take(1).Select(p => p.Value.KeyOf());
    }

    private static JsonObject MakePod(JsonObject set, int ordinal, string revision)
    {
        var name = $"{set.NameOf()}-{ordinal}";
        var pod = PodTemplates.MakePod(set, name);
        pod.SetLabel(RevisionLabel, revision);
        pod.SetLabel("statefulset.kubernetes.io/pod-name", name);
        pod.SetLabel("apps.kubernetes.io/pod-index", ordinal.ToString(CultureInfo.InvariantCulture));
        var spec = pod.Ensure("spec");
        spec["hostname"] = name;
        if (set.Text("spec", "serviceName") is { Length: > 0 } service)
            spec["subdomain"] = service;
        var templates = set.Items("spec", "volumeClaimTemplates").Select(t => t.NameOf()).ToList();
        if (templates.Count == 0)
            return pod;
        var volumes = pod.Items("spec", "volumes").Where(v => !templates.Contains(v.Text("name")!)).Select(v => v.DeepClone().AsObject()).ToList();
        volumes.AddRange(templates.Select(t => new JsonObject
        {
            ["name"] = t,
            ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = $"{t}-{name}" },
        }));
        spec["volumes"] = volumes.ToJson();
        return pod;
    }

    private static IEnumerable<JsonObject> MakeClaims(JsonObject set, int ordinal) =>
        set.Items("spec", "volumeClaimTemplates").Select(t =>
        {
            var metadata = t.Child("metadata")?.DeepClone().AsObject() ?? [];
            metadata.Remove("creationTimestamp");
            metadata["name"] = $"{t.NameOf()}-{set.NameOf()}-{ordinal}";
            metadata["namespace"] = set.NamespaceOf();
            var claim = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "PersistentVolumeClaim",
                ["metadata"] = metadata,
                ["spec"] = t.Child("spec")?.DeepClone() ?? new JsonObject(),
            };
            foreach (var (name, value) in set.Strings("spec", "selector", "matchLabels"))
                claim.SetLabel(name, value);
            return claim;
        });

    private static (JsonObject Status, TimeSpan? CheckAgain) Status(
        JsonObject set, IReadOnlyList<JsonObject> pods, int wanted, string current, string update, DateTimeOffset now)
    {
        var active = pods.Where(p => p.IsActive()).ToList();
        var updated = active.Count(p => p.Label(RevisionLabel) == update);
        var ready = active.Count(p => p.IsReady());
        var minReady = set.Number("spec", "minReadySeconds") ?? 0;
        var available = active.Count(p => p.IsAvailable(minReady, now));
        var done = updated == active.Count && active.Count == wanted && ready == wanted;
        var status = new JsonObject
        {
            ["observedGeneration"] = set.Generation(),
            ["replicas"] = active.Count,
            ["currentRevision"] = done ? update : current,
            ["updateRevision"] = update,
            ["collisionCount"] = 0,
            ["availableReplicas"] = available,
        };
        ReplicaSetPlanner.PutCount(status, "readyReplicas", ready);
        ReplicaSetPlanner.PutCount(status, "currentReplicas", done ? updated : active.Count(p => p.Label(RevisionLabel) == current));
        ReplicaSetPlanner.PutCount(status, "updatedReplicas", updated);
        return (status, PodReadiness.CheckAgain(ready, available, minReady));
    }
}
