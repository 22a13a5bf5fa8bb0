using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Printing;

internal sealed class NodePrinter : IPrinter
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public IReadOnlyList<Column> Columns { get; } =
    [
        new("Name", Format: "name"), new("Status"), new("Roles"), new("Age"), new("Version"),
        new("Internal-IP", Priority: 1), new("External-IP", Priority: 1), new("OS-Image", Priority: 1), new("Kernel-Version", Priority: 1),
        new("Container-Runtime", Priority: 1),
    ];

    public JsonArray Cells(JsonObject body, DateTimeOffset now)
    {
        var ready = RowPrinter.Items(body, "status.conditions").FirstOrDefault(c => c["type"].Text() == "Ready")?["status"].Text();
        var status = ready switch { "True" => "Ready", null => "Unknown", _ => "NotReady" };
        if (body["spec"]?["unschedulable"].IsTrue() ?? false) status += ",SchedulingDisabled";
        var roles = (body["metadata"]?["labels"] as JsonObject ?? []).Select(l => l.Key).Where(k => k.StartsWith(RolePrefix, StringComparison.Ordinal))
            .Select(k => k[RolePrefix.Length..]).Order(StringComparer.Ordinal);
        var info = body["status"]?["nodeInfo"];
        return
        [
            body.Name(), status, RowPrinter.Joined(roles), Age.Of(body, now), info?["kubeletVersion"].Text() ?? "",
            Address(body, "InternalIP"), Address(body, "ExternalIP"), Or(info?["osImage"].Text()), Or(info?["kernelVersion"].Text()),
            Or(info?["containerRuntimeVersion"].Text()),
        ];
    }

    private static string Address(JsonObject body, string type) =>
        RowPrinter.Items(body, "status.addresses").FirstOrDefault(a => a["type"].Text() == type)?["address"].Text() ?? "<none>";

    private static string Or(string? text) => string.IsNullOrEmpty(text) ? "<unknown>" : text;
}
