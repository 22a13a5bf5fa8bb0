using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Clusters;
using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Commands.Services;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Contracts;
using Fleet.Contracts.Upgrades;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Cli.Commands.Plans;

internal static class PlanCommand
{
    public static Command Build()
    {
        var noun = new Argument<string>("noun") { Description = "cluster: what a change of one would do. services: what would be done with services now" };
        noun.AcceptOnlyFromAmong("cluster", "clusters", "cld", "services");
        var name = new Argument<string?>("name") { Description = "Name of the cluster, or namespace/name; with services optional", Arity = ArgumentArity.ZeroOrOne };
        var @namespace = Scope.NamespaceOption();
        var template = new Option<string?>("--template") { Description = "ClusterTemplate to change to. Default: the one that the spec names" };
        var values = new Option<string?>("--values", "-f") { Description = "YAML file that would take the place of spec.config; - is standard input" };
        var set = new Option<string[]>("--set") { Description = "path=value over the config, for instance workersNumber=5; null removes. May be repeated" };
        var detailed = new Option<bool>("--detailed-exitcode") { Description = "Exit with 0 when nothing would change, 2 when something would, 1 when it cannot be done" };
        var format = new Option<string>("--output", "-o") { Description = "text or json", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var command = new Command("plan", "Show what a change of a cluster would create, change, replace and remove, and which machines roll; or what would be done with services now. Nothing is changed.")
        {
            noun, name, @namespace, template, values, set, detailed, format, FleetRest.RestOption,
        };
        command.Validators.Add(result =>
        {
            var isServices = result.GetValue(noun) == "services";
            if (!isServices && result.GetValue(name) is null)
                result.AddError("Which cluster? fleet plan cluster NAME.");
            if (isServices && (result.GetResult(template) is { Implicit: false } || result.GetResult(values) is { Implicit: false } || result.GetResult(set) is { Implicit: false }))
                result.AddError("--template, --values and --set are for clusters; `fleet diff -f FILE` shows what another declaration would do to services.");
        });
        command.SetAction(async (parsed, ct) =>
        {
            if (parsed.GetValue(noun) == "services")
                return await ServicePlan.RunAsync(parsed, parsed.GetValue(name), parsed.GetValue(@namespace), parsed.GetValue(format) == "json", parsed.GetValue(detailed), ct);
            var request = new ClusterPlanRequest
            {
                Template = parsed.GetValue(template),
                Config = parsed.GetValue(values) is { } file ? ReadValues(file) : null,
                Set = ReadSet(parsed.GetValue(set) ?? []),
            };
            using var client = FleetConnection.Connect(parsed);
            var cluster = await ClusterLookup.FindAsync(client, parsed.GetValue(name)!, parsed.GetValue(@namespace), ct);
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            var plan = await rest.PostAsync(
                $"api/v1/clusters/{Uri.EscapeDataString(cluster.Key.Namespace)}/{Uri.EscapeDataString(cluster.Key.Name)}/plan",
                request, ContractsJson.Default.ClusterPlanRequest, ContractsJson.Default.ClusterUpgradePlan, ct);
            if (parsed.GetValue(format) == "json")
                Console.WriteLine(JsonSerializer.Serialize(plan, Indented));
            else
                PlanText.Write(Console.Out, plan);
            if (!parsed.GetValue(detailed))
                return ExitCodes.Success;
            return plan.Blockers.Count > 0 ? ExitCodes.Failed : plan.HasChanges ? ExitCodes.Changes : ExitCodes.Success;
        });
        return command;
    }

    private static System.Text.Json.Serialization.Metadata.JsonTypeInfo<ClusterUpgradePlan> Indented { get; } =
        new ContractsJson(new JsonSerializerOptions(ContractsJson.Default.Options)
        {
            WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }).ClusterUpgradePlan;

    internal static JsonObject? ReadSet(IReadOnlyList<string> changes)
    {
        var result = new JsonObject();
        foreach (var change in changes)
        {
            var equals = change.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new CommandException($"--set {change}: path=value is needed, for instance workersNumber=5.", ExitCodes.Usage);
            try
            {
                result[change[..equals]] = KubernetesYaml.Parse(change[(equals + 1)..]);
            }
            catch (KubernetesYamlException error)
            {
                throw new CommandException($"--set {change}: {error.Message}", ExitCodes.Usage);
            }
        }
        return result.Count == 0 ? null : result;
    }

    private static JsonObject ReadValues(string file)
    {
        try
        {
            return KubernetesYaml.Parse(file == "-" ? Console.In.ReadToEnd() : File.ReadAllText(file)) switch
            {
                JsonObject map => map,
                null => [],
                _ => throw new CommandException($"{file}: values must be a mapping.", ExitCodes.Usage),
            };
        }
        catch (KubernetesYamlException error)
        {
            throw new CommandException($"{file}: {error.Message}", ExitCodes.Usage);
        }
    }
}
