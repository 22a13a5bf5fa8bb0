using System.CommandLine;

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
}
