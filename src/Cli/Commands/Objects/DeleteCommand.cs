using System.CommandLine;
using Fleet.Cli.Commands.Clusters;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Cli.Views;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Cli.Commands.Objects;

internal static class DeleteCommand
{
    public static Command Build()
    {
        var noun = new Argument<string?>("noun") { Description = "cluster, credential, … or any kind the server knows", Arity = ArgumentArity.ZeroOrOne };
        var name = new Argument<string?>("name") { Description = "Which one", Arity = ArgumentArity.ZeroOrOne };
        var files = new Option<string[]>("--filename", "-f") { Description = "Delete what these manifests name", AllowMultipleArgumentsPerToken = true };
        var @namespace = new Option<string?>("--namespace", "-n") { Description = "Its namespace" };
        var wait = new Option<bool>("--wait") { Description = "Wait until it is gone, and show what holds it up", DefaultValueFactory = _ => true };
        var timeout = new Option<int>("--timeout") { Description = "Seconds to wait", DefaultValueFactory = _ => 300 };
        var command = new Command("delete", "Delete a cluster (services, then infrastructure, then the object) or any other object.") { noun, name, files, @namespace, wait, timeout };
        var manner = new DeletionManner();
        manner.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(files) is not { Length: > 0 } && result.GetValue(name) is null)
                result.AddError("Say what to delete: fleet delete cluster NAME, or fleet delete -f FILE");
        });
        command.SetAction(async (parsed, ct) =>
        {
            using var client = FleetConnection.Connect(parsed);
            var targets = parsed.GetValue(files) is { Length: > 0 } sources
                ? await FromManifestsAsync(client, sources, parsed.GetValue(@namespace) ?? "default", ct)
                : [await NamedAsync(client, parsed.GetValue(noun)!, parsed.GetValue(name)!, parsed.GetValue(@namespace), ct)];
            await manner.DecideAsync(parsed, client, targets, ct);
            foreach (var (kind, key) in targets)
            {
                var was = await client.Dynamic(kind).DeleteAsync(key, DeleteOptions.Background, ct);
                Console.WriteLine($"{kind.Kind.ToLowerInvariant()}/{key.Name} {(was ? "deleted" : "was already gone")}{(was && parsed.GetValue(wait) ? ", waiting until it is gone" : "")}");
            }

            if (parsed.GetValue(wait))
                foreach (var (kind, key) in targets)
                    await DeletionWatch.WaitAsync(client, kind, key, TimeSpan.FromSeconds(parsed.GetValue(timeout)), ct);
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task<List<(ResourceKind Kind, ObjectKey Key)>> FromManifestsAsync(IKubernetesClient client, string[] sources, string @namespace, CancellationToken ct)
    {
        var targets = new List<(ResourceKind, ObjectKey)>();
        // What was applied first is needed longest.
        foreach (var manifest in Manifests.Read(sources).Reverse())
        {
            if (await client.FindKindAsync(manifest.Kind, ct) is not { } kind)
                continue;
            var key = manifest.Object.Key;
            targets.Add((kind, kind.Namespaced && key.Namespace.Length == 0 ? key with { Namespace = @namespace } : key));
        }

        return targets;
    }

    private static async Task<(ResourceKind, ObjectKey)> NamedAsync(IKubernetesClient client, string noun, string name, string? @namespace, CancellationToken ct)
    {
        var view = FleetViews.Find(noun);
        if (view?.Words[0] == "clusters")
            return (view.Kind, (await ClusterLookup.FindAsync(client, name, @namespace, ct)).Key);
        if (view?.Words[0] == "services")
            throw new CommandException("A service is removed by taking it out of its cluster's spec.serviceSpec.services.", ExitCodes.Usage);
        var kind = view?.Kind ?? await FleetConnection.FindWordAsync(client, noun, ct)
            ?? throw new CommandException($"Nothing is called \"{noun}\" here.", ExitCodes.Usage);
        var key = kind.Namespaced ? new ObjectKey(@namespace ?? "default", name) : ObjectKey.Cluster(name);
        return await client.Dynamic(kind).GetAsync(key, ct) is null
            ? throw new CommandException($"There is no {noun} \"{key}\".", ExitCodes.NotFound)
            : (kind, key);
    }
}
