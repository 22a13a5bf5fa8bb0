using System.Text.Json.Nodes;
using Fleet.Contracts.Upgrades;

namespace Fleet.Cli.Commands.Plans;

/// <summary>A plan for people: objects with their fields, then machines in their order, then what stands against it. Plain text, so that it can be piped.</summary>
internal static class PlanText
{
    private const int LongestValue = 60;

    public static void Write(TextWriter output, ClusterUpgradePlan plan)
    {
        output.WriteLine($"Cluster {plan.Namespace}/{plan.Name}: {Title(plan)}");
        Objects(output, "Create", "+", plan.Created);
        Objects(output, "Change in place", "~", plan.Changed);
        Objects(output, "Replace (the old object stays until no machine uses it)", "±", plan.Replaced);
        Objects(output, "Remove", "-", plan.Removed);
        Machines(output, plan.Rollouts);
        if (plan.Warnings.Count > 0)
        {
            output.WriteLine();
            foreach (var warning in plan.Warnings)
                output.WriteLine($"Note: {warning}.");
        }
        output.WriteLine();
        if (plan.Blockers.Count == 0)
        {
            output.WriteLine(plan.HasChanges ? $"Plan: {plan.Summary}." : "Nothing would change.");
            return;
        }
        output.WriteLine("This would not be done as it is:");
        foreach (var blocker in plan.Blockers)
            output.WriteLine($"  ! {blocker.Rule}: {blocker.Message.ReplaceLineEndings("\n      ")}");
    }

    private static string Title(ClusterUpgradePlan plan)
    {
        if (plan.From is not { } from)
            return $"install {Named(plan.To)}";
        return from.Template == plan.To.Template ? $"change within {Named(plan.To)}" : $"{Named(from)} → {Named(plan.To)}";
    }

    private static string Named(PlannedTemplate template) => template.Chart is { } chart ? $"{template.Template} (chart {chart})" : template.Template;

    private static void Objects(TextWriter output, string title, string sign, IReadOnlyList<PlannedObject> objects)
    {
        if (objects.Count == 0)
            return;
        output.WriteLine();
        output.WriteLine($"{title}:");
        foreach (var item in objects)
        {
            output.WriteLine($"  {sign} {item.Kind} {(item.Replaces is { } old ? $"{old} → {item.Name}{(item.Fields.Count == 0 ? "  (only the name changes)" : "")}" : item.Name)}");
            Fields(output, "      ", item.Fields);
        }
    }

    public static void Fields(TextWriter output, string indent, IReadOnlyList<FieldChange> fields)
    {
        var width = fields.Count == 0 ? 0 : Math.Min(70, fields.Max(field => field.Path.Length));
        foreach (var field in fields)
            output.WriteLine($"{indent}{field.Path.PadRight(width)}  {(field.Secret ? "(changes; not shown)" : $"{Value(field.From)} → {Value(field.To)}")}");
    }

    private static void Machines(TextWriter output, IReadOnlyList<PlannedRollout> rollouts)
    {
        if (rollouts.Count == 0)
            return;
        output.WriteLine();
        output.WriteLine("Machines:");
        var step = 1;
        foreach (var rollout in rollouts)
        {
            var role = rollout.Role == "ControlPlane" ? "control plane" : "workers";
            output.WriteLine($"  {step++}. {role} {rollout.Name}: {What(rollout)}{(rollout.AfterControlPlane ? ", after the control plane" : "")}");
            foreach (var reason in rollout.Reasons)
                output.WriteLine($"       {reason}");
        }
    }

    private static string What(PlannedRollout rollout)
    {
        if (rollout.Rolls)
            return $"{Count(rollout.MachinesWanted ?? rollout.Machines)} replaced, {rollout.MaxSurge} more at a time";
        return (rollout.Machines, rollout.MachinesWanted) switch
        {
            (null, _) or (_, null) => "changed by its provider",
            var (now, wanted) when now == wanted => $"{Count(now)} stay",
            var (now, wanted) => $"{now} → {Count(wanted)}",
        };
    }

    private static string Count(int? machines) => machines == 1 ? "1 machine" : $"{machines} machines";

    private static string Value(JsonNode? node)
    {
        var text = node switch
        {
            null => "(none)",
            JsonValue value when value.TryGetValue<string>(out var word) => word.Length == 0 ? "\"\"" : word,
            _ => node.ToJsonString(),
        };
        text = text.ReplaceLineEndings(" ");
        return text.Length <= LongestValue ? text : text[..(LongestValue - 1)] + "…";
    }
}
