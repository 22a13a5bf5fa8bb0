using System.CommandLine;
using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Commands.Services;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Cli.Views;
using Fleet.Kubernetes.Objects;

namespace Fleet.Cli.Commands.Clusters;

internal static class DescribeCommand
{
    public static Command Build()
    {
        var noun = new Argument<string>("noun") { Description = "cluster, service, or any other noun of `fleet get`" };
        var name = new Argument<string>("name") { Description = "Which one" };
        var @namespace = Scope.NamespaceOption();
        var cluster = ServiceLookup.ClusterOption();
        var command = new Command("describe", "Show everything about one object: conditions, machines, services, events.") { noun, name, @namespace, cluster, FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            if (FleetViews.Find(parsed.GetValue(noun)!)?.Words[0] == "services")
            {
                using var rest = await FleetRest.ConnectAsync(parsed, ct);
                var service = await ServiceLookup.FindAsync(rest, parsed.GetValue(name)!, parsed.GetValue(cluster), parsed.GetValue(@namespace), ct);
                ServiceText.Describe(Console.Out, await rest.GetAsync(ServiceLookup.Path(service), ServiceJson.Default.ServiceDetailView, ct), TimeProvider.System.GetUtcNow());
                return ExitCodes.Success;
            }
            using var client = FleetConnection.Connect(parsed);
            var word = parsed.GetValue(noun)!;
            var view = FleetViews.Find(word);
            if (view?.Words[0] == "clusters")
            {
                var cluster = await ClusterLookup.FindAsync(client, parsed.GetValue(name)!, parsed.GetValue(@namespace), ct);
                await new ClusterDescription(client, Console.Out).WriteAsync(cluster, ct);
                return ExitCodes.Success;
            }

            var kind = view?.Kind ?? await FleetConnection.FindWordAsync(client, word, ct)
                ?? throw new CommandException($"Nothing is called \"{word}\" here.", ExitCodes.Usage);
            var key = kind.Namespaced ? new ObjectKey(parsed.GetValue(@namespace) ?? "default", parsed.GetValue(name)!) : ObjectKey.Cluster(parsed.GetValue(name)!);
            var seen = await client.Dynamic(kind).GetAsync(key, ct)
                ?? throw new CommandException($"There is no {word} \"{key}\".", ExitCodes.NotFound);
            await new ObjectDescription(client, Console.Out).WriteAsync(seen, ct);
            return ExitCodes.Success;
        });
        return command;
    }
}
