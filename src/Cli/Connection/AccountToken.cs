using System.CommandLine;
using System.Text.Json.Nodes;
using Fleet.Cli.Output;
using Fleet.Contracts;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Cli.Connection;

/// <summary>Short-lived tokens of the ServiceAccounts that Fleet keeps in its own namespace.</summary>
internal static class AccountToken
{
    /// <returns>Null when the kubeconfig may not make one, or there is no such account.</returns>
    public static async Task<string?> MakeAsync(ParseResult parsed, string account, TimeSpan life, CancellationToken ct)
    {
        using var client = FleetConnection.Connect(parsed);
        try
        {
            var answer = await client.Dynamic(new ResourceKind("", "v1", "TokenRequest", $"serviceaccounts/{account}/token", Namespaced: true)).CreateAsync(
                new(new JsonObject
                {
                    ["apiVersion"] = "authentication.k8s.io/v1",
                    ["kind"] = "TokenRequest",
                    ["metadata"] = new JsonObject { ["name"] = account, ["namespace"] = FleetApi.SystemNamespace },
                    ["spec"] = new JsonObject { ["expirationSeconds"] = (long)life.TotalSeconds },
                }),
                ct);
            return (string?)answer.At("status", "token") ?? throw new CommandException("The management API gave no token.");
        }
        catch (KubeApiException e) when (e.IsNotFound || e.IsForbidden)
        {
            return null;
        }
    }
}
