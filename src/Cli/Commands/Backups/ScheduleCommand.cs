using System.CommandLine;
using System.Text.Json.Nodes;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Contracts;
using Fleet.Contracts.Backups;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Cli.Commands.Backups;

/// <summary><c>fleet backup schedule create|list|suspend|resume|run-now|delete</c>: ManagementBackups, for those who do not write manifests.</summary>
internal static class ScheduleCommand
{
    private static readonly ApplyOptions Apply = new("fleet-cli");

    public static Command Build() => new("schedule", "Have backups made by Fleet itself, by a schedule (the kind ManagementBackup).")
    {
        BuildCreate(), BuildList(), BuildSuspend("suspend", true, "Make no backups for now."), BuildSuspend("resume", false, "Make backups again."), BuildRunNow(), BuildDelete(),
    };

    private static Command BuildCreate()
    {
        var (name, spec) = (NameArgument(), new ScheduleSpec());
        var command = new Command("create", "Make or change a schedule of backups.") { name };
        spec.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var client = FleetConnection.Connect(parsed);
            await client.Dynamic(FleetKinds.ManagementBackups.Kind).ApplyAsync(
                new JsonObject
                {
                    ["apiVersion"] = FleetKinds.ManagementBackups.Kind.ApiVersion,
                    ["kind"] = FleetKinds.ManagementBackups.Kind.Kind,
                    ["metadata"] = new JsonObject { ["name"] = parsed.GetValue(name) },
                    ["spec"] = spec.Of(parsed),
                },
                Apply, ct);
            Console.WriteLine(spec.Next(parsed, TimeProvider.System.GetUtcNow()) is { } next
                ? $"{parsed.GetValue(name)} makes backups; the next {next:yyyy-MM-dd HH:mm:ss zzz}"
                : $"{parsed.GetValue(name)} makes a backup now");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command BuildList()
    {
        var command = new Command("list", "List the schedules, with what came of their last backup.");
        command.SetAction(async (parsed, ct) =>
        {
            using var client = FleetConnection.Connect(parsed);
            var items = (await client.Resource(FleetKinds.ManagementBackups).ListAsync(ListOptions.All, ct)).Items;
            if (items.Count == 0)
                Console.WriteLine("There are no ManagementBackups.");
            else
                new TextTable(["NAME", "SCHEDULE", "LAST", "LAST-SUCCESS", "NEXT", "LOCATION", "ERROR"]).Write(Console.Out, Rows(items, TimeProvider.System.GetUtcNow()), withHeads: true);
            return ExitCodes.Success;
        });
        return command;
    }

    internal static IReadOnlyList<IReadOnlyList<string>> Rows(IEnumerable<Kubernetes.Objects.CustomResource<ManagementBackupSpec, ManagementBackupStatus>> items, DateTimeOffset now) =>
    [
        .. items.OrderBy(item => item.Metadata.Name, StringComparer.Ordinal).Select(item => (IReadOnlyList<string>)
        [
            item.Metadata.Name ?? "", item.Spec.Schedule is { Length: > 0 } schedule ? schedule : "once",
            item.Spec.Suspend == true ? "Suspended" : item.Status?.LastBackup?.Phase ?? "-",
            item.Status?.LastSuccess is { } success ? $"{Age.Of(success, now)} ago" : "never",
            item.Status?.NextAttempt is { } next && item.Spec.Suspend != true ? $"{next.UtcDateTime:yyyy-MM-dd HH:mm}Z" : "-",
            item.Status?.Location ?? "-", item.Status?.Error ?? "",
        ]),
    ];

    private static Command BuildSuspend(string verb, bool suspend, string description)
    {
        var name = NameArgument();
        var command = new Command(verb, description) { name };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = FleetConnection.Connect(parsed);
            await PatchAsync(client, parsed.GetValue(name)!, new JsonObject { ["spec"] = new JsonObject { ["suspend"] = suspend ? true : null } }, ct);
            Console.WriteLine($"{parsed.GetValue(name)} {(suspend ? "makes no backups until it is resumed" : "makes backups again")}");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command BuildRunNow()
    {
        var name = NameArgument();
        var command = new Command("run-now", "Ask for a backup out of turn; the schedule stays as it is.") { name };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = FleetConnection.Connect(parsed);
            var time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
            await PatchAsync(client, parsed.GetValue(name)!, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [FleetAnnotations.ReconcileRequested] = time } } }, ct);
            Console.WriteLine($"{parsed.GetValue(name)} is asked for a backup; `fleet backup schedule list` shows what comes of it");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command BuildDelete()
    {
        var name = NameArgument();
        var command = new Command("delete", "Delete a schedule. Its archives stay where they are.") { name };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = FleetConnection.Connect(parsed);
            await GuardAsync(parsed.GetValue(name)!, () => client.Resource(FleetKinds.ManagementBackups).DeleteAsync(ObjectKey.Cluster(parsed.GetValue(name)!), DeleteOptions.Background, ct));
            Console.WriteLine($"{parsed.GetValue(name)} is deleted; its archives stay where they are");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Task PatchAsync(IKubernetesClient client, string name, JsonObject patch, CancellationToken ct) =>
        GuardAsync(name, () => client.Dynamic(FleetKinds.ManagementBackups.Kind).PatchAsync(ObjectKey.Cluster(name), Patch.Merge(patch), new() { FieldManager = "fleet-cli" }, ct));

    private static async Task GuardAsync(string name, Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            throw new CommandException($"There is no ManagementBackup {name}; `fleet backup schedule list` shows those that are.", ExitCodes.NotFound);
        }
    }

    private static Argument<string> NameArgument() => new("name") { Description = "Name of the ManagementBackup; its archives are named by it" };
}
