using System.CommandLine;
using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Adoption;
using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Kubernetes.Resources;

namespace Fleet.Cli.Commands.Imports;

/// <summary><c>fleet import k0rdent</c>: what it writes can be looked at first, and be written by hand as well.</summary>
internal static class ImportCommand
{
    private const string FieldManager = "fleet-import";

    public static Command Build() => new("import", "Take over what another fleet manager looks after.") { K0rdent() };

    private static Command K0rdent()
    {
        var from = new Option<string?>("--from") { Description = "kubeconfig of k0rdent's management cluster, which is only read" };
        var context = new Option<string?>("--from-context") { Description = "Context of that file. Default: its current one" };
        var files = new Option<string[]>("--filename", "-f") { Description = "Files or folders with k0rdent's objects, instead of --from; may be repeated", AllowMultipleArgumentsPerToken = true };
        var template = new Option<string?>("--template") { Description = "ClusterTemplate by which clusters are adopted. Default: the newest one for clusters that exist already" };
        var activate = new Option<bool>("--activate") { Description = "Look after the clusters at once. Without it they are dry runs: checked, and left alone until spec.dryRun is taken out" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only tell what would become of each object" };
        var command = new Command("k0rdent", "Read k0rdent's objects, and make the same of Fleet. Machines are never touched: clusters are adopted.") { from, context, files, template, activate, dryRun };
        command.SetAction(async (parsed, ct) =>
        {
            var named = parsed.GetValue(files) ?? [];
            if (parsed.GetValue(from) is null == (named.Length == 0))
                throw new CommandException("Name what to read: --from KUBECONFIG, or -f FILE.", ExitCodes.Usage);
            var objects = named.Length > 0 ? K0rdentSource.FromFiles(named) : await K0rdentSource.FromClusterAsync(parsed.GetValue(from)!, parsed.GetValue(context), ct);
            if (parsed.GetValue(dryRun))
            {
                Report(K0rdentImport.Plan(objects, parsed.GetValue(template) ?? "adopted-cluster-0-1-0", parsed.GetValue(activate)));
                return ExitCodes.Success;
            }

            using var client = FleetConnection.Connect(parsed);
            var chosen = parsed.GetValue(template) ?? await AdoptionTemplates.NewestAsync(client, "kcm-system", ct);
            var planned = K0rdentImport.Plan(objects, chosen, parsed.GetValue(activate));
            Report(planned);
            Console.WriteLine();
            return await ApplyAsync(client, [.. planned.Where(item => item.Manifest is not null)], ct);
        });
        return command;
    }

    /// <summary>One refused object does not keep the others out; each refusal is printed, and the command can be repeated.</summary>
    private static async Task<int> ApplyAsync(IKubernetesClient client, List<ImportedObject> planned, CancellationToken ct)
    {
        var failures = 0;
        foreach (var @namespace in planned.Select(item => item.Key.Namespace).Where(name => name.Length > 0).Distinct())
            failures += await TryAsync(() => ApplyCommand.ApplyAsync(
                client, new("fleet import", new(new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = @namespace } })), "", new(FieldManager), ct));
        foreach (var item in planned)
            failures += await TryAsync(() => ApplyCommand.ApplyAsync(client, new($"{item.Kind} {item.Key}", new(item.Manifest!)), item.Key.Namespace, new(FieldManager), ct));
        return failures == 0 ? ExitCodes.Success : ExitCodes.Failed;

        static async Task<int> TryAsync(Func<Task<string>> apply)
        {
            try
            {
                Console.WriteLine(await apply());
                return 0;
            }
            catch (Exception error) when (error is CommandException or KubeApiException { Code: not 0 })
            {
                Console.Error.WriteLine(error.Message);
                return 1;
            }
        }
    }

    private static void Report(IReadOnlyList<ImportedObject> planned)
    {
        new TextTable(["KIND", "NAMESPACE", "NAME", "BECOMES", "WHY"]).Write(
            Console.Out, [.. planned.Select(item => (IReadOnlyList<string>)[item.Kind, item.Key.Namespace, item.Key.Name, Word(item.Verdict), item.Why])], withHeads: true);
        Console.WriteLine();
        Console.WriteLine(string.Join(", ", planned.CountBy(item => item.Verdict).OrderBy(group => group.Key).Select(group => $"{group.Value} {Word(group.Key)}")));
    }

    private static string Word(ImportVerdict verdict) => verdict switch
    {
        ImportVerdict.AsIs => "taken as is",
        ImportVerdict.Changed => "taken changed",
        ImportVerdict.NotNeeded => "not needed",
        ImportVerdict.NotSupported => "not taken",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
    };
}
