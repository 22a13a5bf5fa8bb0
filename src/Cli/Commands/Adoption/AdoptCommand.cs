using System.CommandLine;
using Fleet.Cli.Commands.Clusters;
using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Cli.Views;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Cli.Commands.Adoption;

/// <summary><c>fleet adopt</c>: looks after a cluster that exists already. What it writes can be written by hand as well; the guide shows how.</summary>
internal static class AdoptCommand
{
    private static readonly TimeSpan ContactPatience = TimeSpan.FromSeconds(15);

    public static Command Build()
    {
        var name = new Argument<string>("name") { Description = "What the cluster is called in Fleet" };
        var from = new Option<string>("--from") { Description = "Its kubeconfig: a file", Required = true };
        var context = new Option<string?>("--from-context") { Description = "Context of that file. Default: its current one" };
        var @namespace = new Option<string>("--namespace", "-n") { Description = "Namespace to put it in", DefaultValueFactory = _ => "default" };
        var template = new Option<string?>("--template") { Description = "ClusterTemplate. Default: the newest one for clusters that exist already" };
        var account = new Option<bool>("--service-account")
        {
            Description = $"Make Fleet a service account there ({ServiceAccountAccess.Account}, cluster-admin) and use its token, instead of your own credentials",
        };
        var wait = new Option<bool>("--wait") { Description = "Wait until it is ready", DefaultValueFactory = _ => true };
        var timeout = new Option<int>("--timeout") { Description = "Seconds to wait", DefaultValueFactory = _ => 120 };
        var command = new Command("adopt", "Look after a cluster that exists already: its kubeconfig becomes a credential.") { name, from, context, @namespace, template, account, wait, timeout };
        command.SetAction(async (parsed, ct) =>
        {
            var key = new ObjectKey(parsed.GetValue(@namespace)!, parsed.GetValue(name)!);
            using var client = FleetConnection.Connect(parsed);
            var manifests = new AdoptionManifests(key);
            var isKnown = await IsKnownAsync(client, manifests, ct);
            var chosen = isKnown ? null : parsed.GetValue(template) ?? await AdoptionTemplates.NewestAsync(client, key.Namespace, ct);
            var kubeconfig = await KubeconfigAsync(parsed.GetValue(from)!, parsed.GetValue(context), parsed.GetValue(account), ct);
            foreach (var manifest in manifests.Of(chosen, kubeconfig))
                Console.WriteLine(await ApplyCommand.ApplyAsync(client, new("fleet adopt", new(manifest)), key.Namespace, new("fleet-cli"), ct));
            if (parsed.GetValue(wait))
                await ClusterProgress.FollowAsync(client, [key], TimeSpan.FromSeconds(parsed.GetValue(timeout)), ct);
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>Adopting again renews the kubeconfig and nothing else; a cluster that is anything else is left alone.</summary>
    private static async Task<bool> IsKnownAsync(IKubernetesClient client, AdoptionManifests manifests, CancellationToken ct)
    {
        var seen = await client.Dynamic(FleetViews.ClusterDeployments).GetAsync(manifests.Cluster, ct);
        return seen is null ? false
            : (string?)seen.At("spec", "credential") == manifests.Credential ? true
            : throw new CommandException($"There is a cluster {manifests.Cluster} already, with the credential \"{(string?)seen.At("spec", "credential")}\". Choose another name.");
    }

    /// <summary>Asks the cluster before anything is written: a kubeconfig that works nowhere is told at once.</summary>
    private static async Task<string> KubeconfigAsync(string file, string? context, bool withAccount, CancellationToken ct)
    {
        try
        {
            var options = new KubeConfigOptions { Paths = [file], Context = context };
            var config = KubeConfig.Load(options);
            using var client = KubernetesClient.Create(config.Endpoint(options), new KubernetesClientOptions { UserAgent = "fleet-cli", ReadRetries = 0 });
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(ContactPatience);
            try
            {
                if (withAccount)
                    return await ServiceAccountAccess.CreateAsync(client, config.Endpoint(options), limit.Token);
                using var version = await client.GetRawAsync("version", limit.Token);
                return config.Standalone(options);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                throw new CommandException($"{file}: no answer from {config.Endpoint(options)} within {ContactPatience.TotalSeconds:0} s.");
            }
            catch (KubeApiException error)
            {
                throw new CommandException($"{file}: {error.Message}");
            }
        }
        catch (KubeConfigException error)
        {
            throw new CommandException(withAccount ? error.Message : $"{error.Message}\nWith --service-account Fleet gets a service account and a token of its own there.", ExitCodes.Usage);
        }
    }
}
