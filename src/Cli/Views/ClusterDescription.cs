using System.Text.Json.Nodes;
using Fleet.Cli.Output;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Cli.Views;

/// <summary>A cluster on one page: what was declared, how far it is, its machines, its services, what happened.</summary>
internal sealed class ClusterDescription(IKubernetesClient client, TextWriter output) : ObjectDescription(client, output)
{
    private const string ClusterApi = "cluster.x-k8s.io";

    public override async Task WriteAsync(DynamicObject seen, CancellationToken ct)
    {
        WriteHead(seen);
        Line("Template", (string?)seen.At("spec", "template"));
        Line("Credential", (string?)seen.At("spec", "credential"));
        Line("Kubernetes", (string?)seen.At("status", "k8sVersion"));
        if (seen.At("spec", "dryRun") is JsonValue dry && (bool)dry)
            Line("Dry run", "yes: nothing is created");
        Line("Ready", $"{Conditions.Status(seen, "Ready")}: {Conditions.Message(seen, "Ready")}");
        if ((seen.At("status", "availableUpgrades") as JsonArray) is { Count: > 0 } upgrades)
            Line("Upgrades", string.Join(", ", upgrades.Select(upgrade => (string?)upgrade)));

        WriteDeletion(seen);
        WriteConditions(seen);
        await WriteMachinesAsync(seen, ct);
        WriteServices(seen);
        await WriteEventsAsync(seen, ct);
    }

    private void WriteDeletion(DynamicObject seen)
    {
        if (seen.At("status", "deletion") is not JsonObject deletion)
            return;
        var policy = (string?)deletion["policy"] is { } word and not "Delete" ? $", policy {word}" : "";
        var deadline = Time(deletion["deadline"]) is { } until ? $", {(until > Now ? $"until {until:u}" : $"should have been over {Age.Of(until, Now)} ago")}" : "";
        Line("Deletion", $"{deletion["phase"]} for {Age.Of(Time(deletion["since"]), Now)}{deadline}{policy}");
        if (deletion["skipped"] is JsonArray { Count: > 0 } skipped)
            Line("Left behind", string.Join(", ", skipped.Select(phase => (string?)phase)));
        var rows = (deletion["blockers"] as JsonArray ?? []).OfType<JsonObject>()
            .Select(blocker => (IReadOnlyList<string>)[$"  {blocker["kind"]}", $"{blocker["namespace"]}", $"{blocker["name"]}", $"{blocker["reason"]}".ReplaceLineEndings(" ")])
            .ToList();
        if (rows.Count > 0)
            WriteSection("Held up by", ["  KIND", "NAMESPACE", "NAME", "WHY"], rows);
    }

    private async Task WriteMachinesAsync(DynamicObject seen, CancellationToken ct)
    {
        if (await Client.FindKindAsync(new(ClusterApi, "v1beta2", "Machine"), ct) is not { } kind)
            return;
        var machines = await Client.Dynamic(kind).ListAsync(
            new() { Namespace = seen.Key.Namespace, LabelSelector = $"cluster.x-k8s.io/cluster-name={seen.Key.Name}" }, ct);
        var rows = machines.Items.OrderBy(machine => machine.Key).Select(machine => (IReadOnlyList<string>)
        [
            "  " + machine.Key.Name,
            machine.Metadata.Labels?.ContainsKey("cluster.x-k8s.io/control-plane") == true ? "control-plane" : "worker",
            (string?)machine.At("status", "phase") ?? "",
            (string?)machine.At("status", "nodeRef", "name") ?? "",
            (string?)machine.At("spec", "version") ?? "",
            Age.Of(machine.Metadata.CreationTimestamp, Now),
        ]).ToList();
        WriteSection("Machines", ["  NAME", "ROLE", "PHASE", "NODE", "VERSION", "AGE"], rows);
    }

    private void WriteServices(DynamicObject seen)
    {
        var services = (seen.At("status", "services") as JsonArray)?.OfType<JsonObject>() ?? [];
        var rows = services.Select(service => (IReadOnlyList<string>)
        [
            $"  {service["namespace"]}/{service["name"]}", $"{service["state"]}", $"{service["version"]}", $"{service["template"]}",
            Age.Of(Time(service["lastStateTransitionTime"]), Now), $"{service["failureMessage"]}".ReplaceLineEndings(" "),
        ]).ToList();
        WriteSection("Services", ["  SERVICE", "STATE", "VERSION", "TEMPLATE", "SINCE", "MESSAGE"], rows);
    }
}
