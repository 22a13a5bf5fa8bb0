using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Cli.Output;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Cli.Views;

/// <summary>What `describe` prints for any kind: metadata, spec, conditions, events. Secrets' data is never printed.</summary>
internal class ObjectDescription(IKubernetesClient client, TextWriter output)
{
    private const int MostEvents = 15;
    private static readonly ResourceKind Events = new("", "v1", "Event", "events", Namespaced: true);

    public virtual async Task WriteAsync(DynamicObject seen, CancellationToken ct)
    {
        WriteHead(seen);
        if (seen.Kind != "Secret" && seen.Root["spec"] is { } spec)
        {
            output.WriteLine("Spec:");
            output.WriteLine(Indent(KubernetesYaml.Write(spec)));
        }

        WriteConditions(seen);
        await WriteEventsAsync(seen, ct);
    }

    protected TextWriter Output => output;

    protected IKubernetesClient Client => client;

    protected void WriteHead(DynamicObject seen)
    {
        Line("Name", seen.Key.Name);
        if (seen.Key.Namespace.Length > 0)
            Line("Namespace", seen.Key.Namespace);
        foreach (var (index, label) in (seen.Metadata.Labels ?? []).Index())
            Line(index == 0 ? "Labels" : "", $"{label.Key}={label.Value}");
        Line("Created", seen.Metadata.CreationTimestamp is { } time ? $"{time:u} ({Age.Of(time, Now)} ago)" : "");
        if (seen.Metadata.DeletionTimestamp is { } deletion)
            Line("Deleting since", $"{deletion:u} ({Age.Of(deletion, Now)})");
    }

    protected void Line(string name, string? value) => PageText.Line(output, name, value);

    protected void WriteConditions(DynamicObject seen)
    {
        var rows = Conditions.Of(seen).Select(condition => (IReadOnlyList<string>)
        [
            "  " + (string?)condition["type"], (string?)condition["status"] ?? "", (string?)condition["reason"] ?? "",
            Age.Of(Time(condition["lastTransitionTime"]), Now), ((string?)condition["message"] ?? "").ReplaceLineEndings(" "),
        ]).ToList();
        WriteSection("Conditions", ["  TYPE", "STATUS", "REASON", "SINCE", "MESSAGE"], rows);
    }

    protected async Task WriteEventsAsync(DynamicObject seen, CancellationToken ct)
    {
        // Events of cluster-scoped objects live in the namespace default.
        var @namespace = seen.Key.Namespace.Length > 0 ? seen.Key.Namespace : "default";
        var events = await client.Dynamic(Events).ListAsync(
            new() { Namespace = @namespace, FieldSelector = $"involvedObject.name={seen.Key.Name},involvedObject.kind={seen.Kind}" }, ct);
        var rows = events.Items
            .Select(happened => (When: Time(happened.At("lastTimestamp") ?? happened.At("eventTime")) ?? happened.Metadata.CreationTimestamp ?? default, Event: happened))
            .OrderBy(row => row.When)
            .TakeLast(MostEvents)
            .Select(row => (IReadOnlyList<string>)
            [
                "  " + Age.Of(row.When, Now), (string?)row.Event.At("type") ?? "", (string?)row.Event.At("reason") ?? "",
                Count(row.Event), ((string?)row.Event.At("message") ?? "").ReplaceLineEndings(" "),
            ]).ToList();
        WriteSection("Events", ["  AGO", "TYPE", "REASON", "COUNT", "MESSAGE"], rows);
    }

    protected void WriteSection(string title, IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<string>> rows) => PageText.Section(output, title, heads, rows);

    protected static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    protected static DateTimeOffset? Time(JsonNode? node) =>
        DateTimeOffset.TryParse((string?)node, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static string Count(DynamicObject happened) =>
        (happened.At("series", "count") ?? happened.At("count") ?? happened.At("deprecatedCount"))?.ToString() ?? "1";

    private static string Indent(string yaml) => "  " + yaml.TrimEnd().Replace("\n", "\n  ", StringComparison.Ordinal);
}
