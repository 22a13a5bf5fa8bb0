using System.CommandLine;
using Fleet.Cli.Output;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Cli.Connection;

/// <summary>How commands reach the management API: --kubeconfig, else the running fleet's, else KUBECONFIG.</summary>
internal static class FleetConnection
{
    public static Option<string?> KubeconfigOption { get; } = new("--kubeconfig")
    {
        Description = "kubeconfig of the management cluster. Default: the running fleet's, else $KUBECONFIG",
        Recursive = true,
    };

    public static Option<string?> ContextOption { get; } = new("--context")
    {
        Description = "Context of the kubeconfig. Default: its current one",
        Recursive = true,
    };

    /// <exception cref="CommandException">No kubeconfig is to be found, or it cannot be used; the message says what to do.</exception>
    public static IKubernetesClient Connect(ParseResult parsed) =>
        KubernetesClient.Create(Endpoint(parsed), new KubernetesClientOptions { UserAgent = "fleet-cli", ReadRetries = 1, OnWarning = Failure.Warn });

    /// <exception cref="CommandException">As of <see cref="Connect"/>.</exception>
    public static ClusterEndpoint Endpoint(ParseResult parsed)
    {
        try
        {
            return KubeConfig.LoadEndpoint(new KubeConfigOptions { Paths = Paths(parsed), Context = parsed.GetValue(ContextOption) });
        }
        catch (KubeConfigException error)
        {
            throw new CommandException(error.Message);
        }
    }

    /// <summary>The kind that a word means to this server, as kubectl would take it: plural, singular, short name, with or without group.</summary>
    public static async Task<ResourceKind?> FindWordAsync(IKubernetesClient client, string word, CancellationToken ct) =>
        (await ((KubernetesClient)client).Discovery.FindByWordAsync(word, ct))?.Kind;

    private static List<string>? Paths(ParseResult parsed)
    {
        if (parsed.GetValue(KubeconfigOption) is { } named)
            return [named];
        var folder = FleetFolder.From(parsed);
        if (folder.Endpoints() is { } running)
            return [running.Kubeconfig];
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBECONFIG")))
            return null;
        throw new CommandException($"No fleet runs from {folder.Path}, and neither --kubeconfig nor KUBECONFIG names a management cluster. Start one with `fleet up`.", ExitCodes.NotRunning);
    }
}
