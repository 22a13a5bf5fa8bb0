using Fleet.Cli.Commands.Plans;
using Fleet.Cli.Output;
using Fleet.Contracts.Api;
using Fleet.Contracts.Upgrades;

namespace Fleet.Cli.Commands.Services;

/// <summary>Plans and differences of services for people. Plain text, so that it can be piped.</summary>
internal static class ServicePreviewText
{
    public static void Plan(TextWriter output, IReadOnlyList<ClusterServicesPlanView> clusters)
    {
        foreach (var cluster in clusters)
        {
            output.WriteLine($"Cluster {cluster.Namespace}/{cluster.Cluster}{(cluster.Problem is { } problem ? $": {OneLine(problem)}" : "")}");
            if (cluster.Services.Count > 0)
                new TextTable(["", "SERVICE", "STATE", "WHY"]).Write(
                    output,
                    [.. cluster.Services.Select(s => (IReadOnlyList<string>)[$"  {Sign(s.Action)} {Word(s.Action)}", $"{s.ServiceNamespace}/{s.Name}", s.State, OneLine(s.Reason ?? "")])],
                    withHeads: false);
            output.WriteLine();
        }
        var steps = clusters.SelectMany(cluster => cluster.Services).Where(ServicePlan.IsWork).GroupBy(step => step.Action).ToDictionary(group => group.Key, group => group.Count());
        var unknown = clusters.Count(cluster => cluster.Problem is not null);
        var summary = string.Join(", ", steps.Select(step => $"{step.Value} to {Word(step.Key)}"));
        output.WriteLine(summary.Length > 0 ? $"Plan: {summary}." : "Nothing would be done.");
        if (unknown > 0)
            output.WriteLine($"{unknown} of {clusters.Count} clusters cannot be looked at, so what would be done there is not known.");
    }

    public static void Diff(TextWriter output, ServiceDiffView diff)
    {
        foreach (var cluster in diff.Clusters)
        {
            output.WriteLine($"Cluster {cluster.Namespace}/{cluster.Cluster}{(cluster.New ? " (new)" : cluster.Problem is { } problem ? $": {OneLine(problem)}" : "")}");
            foreach (var service in cluster.Services)
                Service(output, service);
            output.WriteLine();
        }
        foreach (var warning in diff.Warnings)
            output.WriteLine($"Note: {OneLine(warning)}.");
        if (diff.Warnings.Count > 0)
            output.WriteLine();
        output.WriteLine(Summary(diff));
    }

    private static void Service(TextWriter output, ServiceChangeView service)
    {
        output.WriteLine($"  {Sign(service.Change)} {service.ServiceNamespace}/{service.Name}: {What(service)}  ({service.Source})");
        foreach (var note in service.Notes)
            output.WriteLine($"      Note: {OneLine(note)}");
        if (service.Problem is { } problem)
            output.WriteLine($"      ! {problem.ReplaceLineEndings("\n        ")}");
        if (service.Values.Count > 0)
        {
            output.WriteLine("      Values:");
            PlanText.Fields(output, "        ", service.Values);
        }
        if (service.Manifests is null)
            return;
        output.WriteLine(service.Created.Count + service.Changed.Count + service.Removed.Count == 0
            ? "      Objects: the same as now"
            : $"      Objects{(service.Manifests == "Server" ? "" : " (rendered without the cluster)")}:");
        Objects(output, "+", service.Created, service.ServiceNamespace);
        Objects(output, "~", service.Changed, service.ServiceNamespace);
        Objects(output, "-", service.Removed, service.ServiceNamespace);
    }

    private static void Objects(TextWriter output, string sign, IReadOnlyList<PlannedObject> objects, string @namespace)
    {
        foreach (var item in objects)
        {
            output.WriteLine($"        {sign} {item.Kind} {(item.Namespace is { Length: > 0 } own && own != @namespace ? $"{own}/" : "")}{item.Name}");
            PlanText.Fields(output, "            ", item.Fields);
        }
    }

    private static string What(ServiceChangeView service) => service.Change switch
    {
        "Install" when service.ToTemplate is null => "not installed yet",
        "Install" => $"install {service.ToTemplate}",
        "Upgrade" when service.FromTemplate == service.ToTemplate => $"change within {service.ToTemplate}",
        "Upgrade" => $"{service.FromTemplate} → {(service.Steps.Count > 1 ? string.Join(" → ", service.Steps) : service.ToTemplate)}",
        "Leave" => "no longer declared, stays in the cluster",
        _ => $"remove {service.FromTemplate}",
    };

    private static string Summary(ServiceDiffView diff)
    {
        var changes = diff.Clusters.SelectMany(cluster => cluster.Services).GroupBy(service => service.Change).OrderBy(group => group.Key, StringComparer.Ordinal);
        var words = string.Join(", ", changes.Select(group => $"{group.Count()} to {Word(group.Key)}"));
        return words.Length == 0 ? "No service would change." : $"Diff: {words}, on {(diff.Clusters.Count == 1 ? "1 cluster" : $"{diff.Clusters.Count} clusters")}.";
    }

    private static string Sign(string action) => action switch
    {
        "Install" => "+",
        "Upgrade" => "~",
        "Rollback" => "<",
        "Uninstall" or "Remove" => "-",
        "Wait" => "!",
        _ => "=",
    };

    private static string Word(string action) => action switch { "None" => "as declared", "Rollback" => "roll back", _ => action.ToLowerInvariant() };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd('.');
}
