using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Helm.Values;

namespace Fleet.StateManager.Reloading;

internal enum ReloadAction
{
    Nothing,
    /// <summary>What its pods run with is written down; no pod notices.</summary>
    Note,
    Roll,
}

/// <param name="Mark">What is written down.</param>
internal readonly record struct ReloadStep(ReloadAction Action, string Mark);

/// <summary>
/// Whether a workload's pods run with what its ConfigMaps and Secrets hold now. An annotation of the workload says what they were begun with, and as
/// which pods: those of another template were begun anew anyway, by helm or by a person. Pure.
/// </summary>
internal static class ReloadPlanner
{
    /// <summary>On the workload: what its pods were begun with.</summary>
    public const string Mark = "k0rdent.mirantis.com/mounted";

    /// <summary>On the pod template: changes with what is mounted, so that the pods are exchanged.</summary>
    public const string Rolled = "k0rdent.mirantis.com/reloaded";

    /// <param name="workload">As it is in the cluster.</param>
    /// <param name="content">Equal as long as everything that its pods take holds the same.</param>
    public static ReloadStep Plan(JsonObject workload, string content)
    {
        var template = Template(workload);
        var mark = $"{content}.{template}";
        if (Annotation(workload["metadata"]) is not { } known || known.Split('.') is not [var before, var pods])
            return new(ReloadAction.Note, mark);
        if (known == mark)
            return new(ReloadAction.Nothing, mark);
        return new(before != content && pods == template ? ReloadAction.Roll : ReloadAction.Note, mark);
    }

    /// <summary>The change of the workload that a step is. Null when there is nothing to do.</summary>
    public static JsonObject? Patch(ReloadStep step)
    {
        if (step.Action == ReloadAction.Nothing)
            return null;
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Mark] = step.Mark } } };
        if (step.Action == ReloadAction.Roll)
            patch["spec"] = new JsonObject
            {
                ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Rolled] = step.Mark.Split('.')[0] } } },
            };
        return patch;
    }

    /// <summary>Without our own annotation, which must not look like somebody's change.</summary>
    private static string Template(JsonObject workload)
    {
        var template = (workload["spec"] as JsonObject)?["template"]?.DeepClone() as JsonObject ?? [];
        if (template["metadata"] is JsonObject metadata && metadata["annotations"] is JsonObject annotations && annotations.Remove(Rolled) && annotations.Count == 0)
            metadata.Remove("annotations");
        return Short(CanonicalValues.ToText(template));
    }

    internal static string Short(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    private static string? Annotation(JsonNode? metadata) => ((metadata as JsonObject)?["annotations"] as JsonObject)?[Mark]?.ToString();
}
