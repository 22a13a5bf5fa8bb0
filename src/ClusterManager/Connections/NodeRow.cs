using Fleet.Kubernetes.Core;

namespace Fleet.ClusterManager.Connections;

/// <summary>What is kept of a Node. Rows that are equal report no change, so that heartbeats are not noticed.</summary>
/// <param name="Problem">Why it is not Ready, in the kubelet's or the node controller's words; null when it is.</param>
internal sealed record NodeRow(string Name, string? Problem, DateTimeOffset Created)
{
    /// <summary>Kubelets list every component that is not ready.</summary>
    private const int LongestProblem = 200;

    public bool IsReady => Problem is null;

    public static NodeRow Of(Node node) => new(node.Metadata.Name ?? "", ProblemOf(node), node.Metadata.CreationTimestamp ?? default);

    private static string? ProblemOf(Node node)
    {
        var ready = node.Status?.Conditions?.Find(condition => condition.Type == "Ready");
        if (ready?.Status == "True")
            return null;
        if (ready is null)
            return "its kubelet has not reported yet";
        var text = string.IsNullOrEmpty(ready.Message) ? ready.Reason ?? "" : string.IsNullOrEmpty(ready.Reason) ? ready.Message : $"{ready.Reason}: {ready.Message}";
        return text.Length == 0 ? $"Ready is {ready.Status}" : text.Length <= LongestProblem ? text : text[..(LongestProblem - 1)] + "…";
    }
}
