using System.CommandLine;
using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Cli.Views;
using Fleet.Kubernetes.Objects;

namespace Fleet.Cli.Commands.Clusters;

internal static class DescribeCommand
{
    public static Command Build()
    {
        var noun = new Argument<string>("noun") { Description = "cluster, or any other noun of `fleet get`" };
        var name = new Argument<string>("name") { Description = "Which one" };
        var @namespace = Scope.NamespaceOption();
        var command = new Command("describe", "Show everything about one object: conditions, machines, services, events.") { noun, name, @namespace };
        command.SetAction(async (parsed, ct) =>
        {
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
