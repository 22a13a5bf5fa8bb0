using System.Text.Json.Nodes;
using Fleet.Cli.Output;
using Fleet.Cli.Views;
using Fleet.Contracts.Api;

namespace Fleet.Cli.Commands.Services;

/// <summary>Services, their revisions and their values for people. Plain text, so that it can be piped.</summary>
internal static class ServiceText
{
    private const int LongestValue = 60;

    public static void Describe(TextWriter output, ServiceDetailView service, DateTimeOffset now)
    {
        PageText.Line(output, "Name", service.Name);
        PageText.Line(output, "Namespace", service.ServiceNamespace);
        PageText.Line(output, "Cluster", $"{service.Namespace}/{service.Cluster}");
        PageText.Line(output, "Declared by", service.MultiClusterService is { } multi ? $"MultiClusterService {multi}" : $"ServiceSet {service.ServiceSet}");
        PageText.Line(output, "Template", service.Template);
        if (service.Chart is { } chart)
            PageText.Line(output, "Chart", service.AppVersion is { } app ? $"{chart} (app {app})" : chart);
        PageText.Line(output, "State", $"{service.State}{(service.Since is { } since ? $" for {Age.Of(since, now)}" : "")}{(service.Message is { } message ? $": {OneLine(message)}" : "")}");
        PageText.Line(output, "Version", service.Version ?? "none runs");
        if (service.Revision is { } revision)
            PageText.Line(output, "Revision", $"{revision}");
        if (service.ValuesHash is { } hash)
            PageText.Line(output, "Values", $"sha256:{hash[..Math.Min(12, hash.Length)]}…  (fleet explain values {service.Namespace}/{service.Cluster} {service.ServiceNamespace}/{service.Name})");
        if (service.Held is { } held && held.Message != service.Message)
            PageText.Line(output, "Held", held.Message);
        if (service.Paused)
            PageText.Line(output, "Paused", $"with its whole ServiceSet {service.ServiceSet}");
        if (service.Problem is { } problem && problem != service.Message)
            PageText.Line(output, "Problem", OneLine(problem));
        if (service.ClusterProblem is { } away)
            PageText.Line(output, "Cluster says", OneLine(away));
        PageText.Section(output, "Conditions", ["  TYPE", "STATUS", "REASON", "SINCE", "MESSAGE"],
            [.. service.Conditions.Select(c => (IReadOnlyList<string>)["  " + c.Type, c.Status, c.Reason, Age.Of(c.LastTransitionTime, now), OneLine(c.Message)])]);
        if (service is { ClusterProblem: not null, Revisions.Count: 0 })
            return;
        PageText.Section(output, "Revisions", ["  REVISION", "AGE", "STATUS", "CHART", "DESCRIPTION"],
            [.. service.Revisions.Select(r => (IReadOnlyList<string>)[$"  {r.Revision}", Age.Of(r.Updated, now), r.Status, r.Chart ?? "", Told(r)])]);
        PageText.Section(output, "Objects", ["  KIND", "NAMESPACE", "NAME", "HEALTH", "MESSAGE"],
            [.. service.Objects.Select(o => (IReadOnlyList<string>)["  " + o.Kind, o.Namespace ?? "", o.Name, o.Health ?? "", Why(o)])]);
        if (service.ObjectCount > service.Objects.Count)
            output.WriteLine($"  … and {service.ObjectCount - service.Objects.Count} more that are not worse");
    }

    public static void History(TextWriter output, IReadOnlyList<RevisionView> revisions, DateTimeOffset now) => new TextTable(["REVISION", "AGE", "STATUS", "CHART", "APP VERSION", "DESCRIPTION"])
        .Write(output, [.. revisions.Select(r => (IReadOnlyList<string>)[$"{r.Revision}", Age.Of(r.Updated, now), r.Status, r.Chart ?? "", r.AppVersion ?? "", Told(r)])], withHeads: true);

    public static void Drift(TextWriter output, IReadOnlyList<DriftView> entries, DateTimeOffset now) => new TextTable(["AGE", "OBJECT", "WHAT", "BY", "DONE"])
        .Write(
            output,
            [
                .. entries.Select(e => (IReadOnlyList<string>)
                [
                    Age.Of(e.Time, now), $"{e.Kind} {(e.Namespace is null ? "" : e.Namespace + "/")}{e.Name}", e.Missing ? "was gone" : string.Join(", ", e.Fields), e.ChangedBy ?? "",
                    e.Detail is { } detail ? $"{e.Action}: {detail}" : e.Action,
                ]),
            ],
            withHeads: true);

    public static void Values(TextWriter output, ClusterServiceView service, ServiceValuesView values, bool wide)
    {
        output.WriteLine($"Service {ServiceLookup.Title(service)}, chart {values.Chart}");
        output.WriteLine($"Later wins:  {string.Join("  →  ", values.Layers.Select(Origin))}");
        output.WriteLine();
        if (values.Values.Count == 0)
            output.WriteLine("There are no values.");
        else
            new TextTable(["VALUE", "IS", "FROM", "INSTEAD OF"]).Write(
                output,
                [.. values.Values.Select(v => (IReadOnlyList<string>)[v.Path, Value(v, wide), Origin(v.From), string.Join(", ", v.Over.Select(Origin))])],
                withHeads: true);
    }

    /// <summary>What became of an action, in a sentence.</summary>
    public static string Held(ClusterServiceView service) => service.Held is { } held
        ? $"{ServiceLookup.Title(service)}: {held.Message}."
        : $"{ServiceLookup.Title(service)} follows its declaration.";

    public static string Origin(ValuesOriginView origin) => origin.Kind switch
    {
        "Chart" => "chart",
        "Values" => "values",
        _ => $"{origin.Kind} {origin.Name} ({origin.Key})",
    };

    private static string Value(ValueView value, bool wide)
    {
        if (value.Secret)
            return "(secret)";
        var text = value.Value switch
        {
            null => "null",
            JsonValue scalar when scalar.TryGetValue<string>(out var word) => word.Length == 0 ? "\"\"" : OneLine(word),
            var node => node.ToJsonString(),
        };
        return wide || text.Length <= LongestValue ? text : text[..(LongestValue - 1)] + "…";
    }

    private static string Told(RevisionView revision) => OneLine(revision.Description ?? "") + (revision.RequestedBy is { } who ? $" (asked for by {who})" : "");

    private static string Why(ServiceObjectView o) => OneLine(o.Message ?? "") + (o.Rule is { } rule ? $" (rule {rule})" : "");

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
