using System.CommandLine;
using System.Text;
using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Cli.Views;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Cli.Commands.Clusters;

internal static class KubeconfigCommand
{
    private static readonly ResourceKind Secrets = new("", "v1", "Secret", "secrets", Namespaced: true);

    public static Command Build()
    {
        var cluster = new Argument<string>("cluster") { Description = "Name of the cluster, or namespace/name" };
        var @namespace = Scope.NamespaceOption();
        var file = new Option<string?>("--output", "-o") { Description = "Write to this file (mode 0600) instead of standard output" };
        var command = new Command("kubeconfig", "Print a managed cluster's kubeconfig: kubectl --kubeconfig <(fleet kubeconfig web) get pods -A") { cluster, @namespace, file };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = FleetConnection.Connect(parsed);
            var found = await ClusterLookup.FindAsync(client, parsed.GetValue(cluster)!, parsed.GetValue(@namespace), ct);
            var text = await ReadAsync(client, found, ct);
            if (parsed.GetValue(file) is not { } path)
            {
                Console.Write(text);
                return ExitCodes.Success;
            }

            await using var stream = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>The Secret that the control plane provider writes; for an adopted cluster the one that its credential names.</summary>
    public static async Task<string> ReadAsync(IKubernetesClient client, DynamicObject cluster, CancellationToken ct)
    {
        foreach (var key in await PlacesAsync(client, cluster, ct))
            if (await client.Dynamic(Secrets).GetAsync(key, ct) is { } secret && (string?)secret.At("data", "value") is { } data)
                return Encoding.UTF8.GetString(Convert.FromBase64String(data));
        throw new CommandException(
            $"{cluster.Key} has no kubeconfig yet (Ready={Conditions.Status(cluster, "Ready")}: {Conditions.Message(cluster, "Ready")}).", ExitCodes.NotFound);
    }

    private static async Task<IReadOnlyList<ObjectKey>> PlacesAsync(IKubernetesClient client, DynamicObject cluster, CancellationToken ct)
    {
        List<ObjectKey> places = [new(cluster.Key.Namespace, cluster.Key.Name + "-kubeconfig")];
        if ((string?)cluster.At("spec", "credential") is { } name
            && await client.Dynamic(FleetViews.Credentials).GetAsync(new(cluster.Key.Namespace, name), ct) is { } credential
            && (string?)credential.At("spec", "identityRef", "kind") == "Secret")
        {
            places.Add(new((string?)credential.At("spec", "identityRef", "namespace") ?? cluster.Key.Namespace, (string?)credential.At("spec", "identityRef", "name") ?? ""));
        }

        return places;
    }
}
