using System.CommandLine;
using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Connection;

namespace Fleet.Cli.Commands.Services;

/// <summary><c>fleet restart service X</c>: its workloads roll, as by <c>kubectl rollout restart</c>.</summary>
internal static class RestartCommand
{
    public static Command Build()
    {
        var noun = ServiceArguments.Noun();
        var name = ServiceArguments.Name();
        var (cluster, @namespace) = (ServiceLookup.ClusterOption(), Scope.NamespaceOption());
        var command = new Command("restart", "Roll the workloads of a service, as kubectl rollout restart does.") { noun, name, cluster, @namespace, FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            var service = await ServiceLookup.FindAsync(rest, parsed.GetValue(name)!, parsed.GetValue(cluster), parsed.GetValue(@namespace), ct);
            var answer = await rest.PostAsync(ServiceLookup.Path(service) + "/actions/restart", ServiceJson.Default.RestartView, ct);
            foreach (var workload in answer.Restarted)
                Console.WriteLine($"{workload} restarts.");
            return ExitCodes.Success;
        });
        return command;
    }
}
