using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Simulation;

/// <summary>Plausible lines out of a pod's state: its start, a line a minute, and how it ended.</summary>
internal sealed class SimulatedPodLogs(TimeProvider clock) : IPodLogs
{
    /// <summary>A container that runs for weeks still prints no more than this.</summary>
    private const int MostLines = 200;

    public IReadOnlyList<PodLogLine> Read(IClusterApi cluster, ObjectKey pod, string? container = null, bool previous = false)
    {
        var found = cluster.Get(CoreKinds.Pod, pod) ?? throw new KubeApiException(404, "NotFound", $"pods \"{pod.Name}\" not found");
        var all = found.Items("spec", "containers").Concat(found.Items("spec", "initContainers")).ToList();
        var chosen = container is null ? all.FirstOrDefault() : all.Find(c => c.Text("name") == container);
        if (chosen is null)
            throw new KubeApiException(400, "BadRequest", $"container {container} is not valid for pod {pod.Name}");
        var name = chosen.Text("name") ?? "";
        var status = found.Items("status", "containerStatuses").Concat(found.Items("status", "initContainerStatuses"))
            .FirstOrDefault(s => s.Text("name") == name);
        var restarts = status?.Number("restartCount") ?? 0;
        if (previous && restarts == 0)
            throw new KubeApiException(400, "BadRequest", $"previous terminated container \"{name}\" in pod \"{pod.Name}\" not found");
        var waits = status is null || (status.Child("state", "waiting") is not null && restarts == 0);
        if (waits)
            throw new KubeApiException(400, "BadRequest",
                $"container \"{name}\" in pod \"{pod.Name}\" is waiting to start: {status?.Text("state", "waiting", "reason") ?? "ContainerCreating"}");
        return Lines(found, chosen, status!);
    }

    private List<PodLogLine> Lines(JsonObject pod, JsonObject container, JsonObject status)
    {
        var name = container.Text("name") ?? "";
        var start = status.Time("state", "running", "startedAt") ?? status.Time("state", "terminated", "startedAt")
            ?? status.Time("lastState", "terminated", "startedAt") ?? pod.CreatedAt();
        var ended = status.Child("state", "terminated") ?? status.Child("lastState", "terminated");
        var lines = new List<PodLogLine>
        {
            new(start, $"{name}: starting {container.Text("image")} (simulated)"),
            new(start, $"{name}: pod {pod.NamespaceOf()}/{pod.NameOf()} on {pod.Text("spec", "nodeName")}, address {pod.Text("status", "podIP")}"),
        };
        foreach (var port in container.Items("ports"))
            lines.Add(new(start, $"{name}: listening on :{port.Number("containerPort")}"));
        if (ended is not null)
        {
            var code = ended.Number("exitCode") ?? 0;
            lines.Add(new(ended.Time("finishedAt") ?? start, code == 0 ? $"{name}: done" : $"{name}: fatal: {ended.Text("reason")}, exit code {code}"));
            return lines;
        }
        var minutes = (int)Math.Min(MostLines, (clock.GetUtcNow() - start).TotalMinutes);
        var first = clock.GetUtcNow() - TimeSpan.FromMinutes(minutes);
        for (var i = 0; i < minutes; i++)
        {
            var time = first + TimeSpan.FromMinutes(i);
            lines.Add(new(time, $"{name}: handled {StableHash.Number($"{pod.Uid()}/{time.ToUnixTimeSeconds() / 60}") % 900 + 100} requests in the last minute"));
        }
        return lines;
    }
}
