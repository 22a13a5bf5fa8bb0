using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using static Fleet.ControlPlane.Printing.RowPrinter;

namespace Fleet.ControlPlane.Printing;

/// <summary>Configuration, access and the API itself.</summary>
internal static class ConfigurationPrinters
{
    public static RowPrinter Namespace { get; } = new(Text("Status", b => At(b, "status.phase").Text()), AgeColumn);

    public static RowPrinter ConfigMap { get; } = new(Number("Data", b => Count(b, "data") + Count(b, "binaryData")), AgeColumn);

    public static RowPrinter Secret { get; } = new(Text("Type", b => b["type"].Text()), Number("Data", b => Count(b, "data")), AgeColumn);

    public static RowPrinter ServiceAccount { get; } = new(Number("Secrets", b => Items(b, "secrets").Count()), AgeColumn);

    public static RowPrinter Lease { get; } = new(Text("Holder", b => At(b, "spec.holderIdentity").Text()), AgeColumn);

    public static RowPrinter Definition { get; } = new(("Created At", (b, _) => At(b, "metadata.creationTimestamp").Text()));

    public static RowPrinter Role { get; } = new(("Created At", (b, _) => At(b, "metadata.creationTimestamp").Text()));

    public static RowPrinter RoleBinding { get; } = new(
        Text("Role", b => $"{At(b, "roleRef.kind").Text()}/{At(b, "roleRef.name").Text()}"),
        AgeColumn,
        Text("+Users", b => Joined(Subjects(b, "User"), "")),
        Text("+Groups", b => Joined(Subjects(b, "Group"), "")),
        Text("+ServiceAccounts", b => Joined(Items(b, "subjects").Where(s => s["kind"].Text() == "ServiceAccount").Select(s => $"{s["namespace"].Text()}/{s["name"].Text()}"), "")));

    public static RowPrinter ApiService { get; } = new(
        Text("Service", b => At(b, "spec.service") is { } s ? $"{s["namespace"].Text()}/{s["name"].Text()}" : "Local"),
        Text("Available", b => Items(b, "status.conditions").FirstOrDefault(c => c["type"].Text() == "Available")?["status"].Text() ?? "Unknown"),
        AgeColumn);

    public static RowPrinter PriorityClass { get; } = new(
        Number("Value", b => b["value"].Number()),
        ("Global-Default", (b, _) => b["globalDefault"].IsTrue()),
        AgeColumn,
        Text("PreemptionPolicy", b => b["preemptionPolicy"].Text()));

    public static RowPrinter Webhooks { get; } = new(Number("Webhooks", b => Items(b, "webhooks").Count()), AgeColumn);

    public static RowPrinter SigningRequest { get; } = new(
        AgeColumn,
        Text("SignerName", b => At(b, "spec.signerName").Text()),
        Text("Requestor", b => At(b, "spec.username").Text()),
        Text("RequestedDuration", b => At(b, "spec.expirationSeconds").Number() is { } s ? Age.Short(TimeSpan.FromSeconds(s)) : "<none>"),
        Text("Condition", b => Joined(Items(b, "status.conditions").Select(c => c["type"].Text()), "Pending")));

    public static RowPrinter Quota { get; } = new(
        Text("Request", b => Used(b, k => !k.StartsWith("limits.", StringComparison.Ordinal))),
        Text("Limit", b => Used(b, k => k.StartsWith("limits.", StringComparison.Ordinal))),
        AgeColumn);

    public static IPrinter Event { get; } = new EventPrinter();

    private static long Count(JsonObject body, string name) => (body[name] as JsonObject)?.Count ?? 0;

    private static IEnumerable<string?> Subjects(JsonObject body, string kind) => Items(body, "subjects").Where(s => s["kind"].Text() == kind).Select(s => s["name"].Text());

    private static string Used(JsonObject body, Func<string, bool> wanted) => string.Join(", ",
        (At(body, "status.hard") as JsonObject ?? At(body, "spec.hard") as JsonObject ?? []).Where(h => wanted(h.Key)).OrderBy(h => h.Key, StringComparer.Ordinal)
        .Select(h => $"{h.Key}: {Scalar(At(body, "status.used") is JsonObject used ? used[h.Key] : null) switch { "" => "0", var u => u }}/{Scalar(h.Value)}"));

    private sealed class EventPrinter : IPrinter
    {
        public IReadOnlyList<Column> Columns { get; } =
        [
            new("Last Seen"), new("Type"), new("Reason"), new("Object"), new("Subobject", Priority: 1), new("Source", Priority: 1), new("Message"),
            new("First Seen", Priority: 1), new("Count", Priority: 1), new("Name", Priority: 1, Format: "name"),
        ];

        public JsonArray Cells(JsonObject body, DateTimeOffset now)
        {
            var about = body["involvedObject"] ?? body["regarding"];
            var first = body["firstTimestamp"].Text() ?? body["deprecatedFirstTimestamp"].Text() ?? body["eventTime"].Text();
            var last = At(body, "series.lastObservedTime").Text() ?? body["lastTimestamp"].Text() ?? body["deprecatedLastTimestamp"].Text() ?? first;
            var count = At(body, "series.count").Number() ?? body["count"].Number() ?? body["deprecatedCount"].Number() ?? 1;
            return
            [
                Age.Since(last, now), body["type"].Text() ?? "", body["reason"].Text() ?? "",
                $"{about?["kind"].Text()?.ToLowerInvariant()}/{about?["name"].Text()}", about?["fieldPath"].Text() ?? "",
                At(body, "source.component").Text() ?? body["reportingComponent"].Text() ?? body["reportingController"].Text() ?? "",
                (body["message"].Text() ?? body["note"].Text() ?? "").Trim(), Age.Since(first, now), count.ToString(System.Globalization.CultureInfo.InvariantCulture), body.Name(),
            ];
        }
    }
}
