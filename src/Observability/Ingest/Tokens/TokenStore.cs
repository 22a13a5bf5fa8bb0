using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Observability.Ingest.Tokens;

/// <summary>Makes, lists and revokes the tokens of a cluster.</summary>
public sealed class TokenStore(IKubernetesClient management, TimeProvider clock)
{
    private const string FieldManager = "fleet-observability";

    /// <summary>One in use, one to change to, and some that were forgotten.</summary>
    public const int MostTokens = 8;

    private IResourceClient<Secret> Secrets => management.Resource(CoreTypes.Secrets);

    /// <summary>Null when there is no such cluster.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, TokenRecord>>?> ListAsync(ObjectKey cluster, CancellationToken ct)
    {
        if (await ClusterAsync(cluster, ct) is not { } owner)
            return null;
        return await OwnAsync(cluster, owner, ct) is { } secret ? [.. TokenSecret.TokensOf(secret).OrderBy(token => token.Value.Created)] : [];
    }

    /// <summary>Null when there is no such cluster. The text of the token is to be had here and never again.</summary>
    /// <exception cref="TokenConflictException">There are too many, or an object of that name is not ours.</exception>
    public async Task<(TelemetryToken Token, TokenRecord Record)?> CreateAsync(ObjectKey cluster, CancellationToken ct)
    {
        if (await ClusterAsync(cluster, ct) is not { } owner)
            return null;
        var token = TelemetryToken.Create();
        var record = new TokenRecord(token.Hash(), clock.GetUtcNow());
        var key = TokenSecret.KeyOf(cluster);
        if (await OwnAsync(cluster, owner, ct) is not { } secret)
        {
            await Secrets.CreateAsync(New(key, owner, token, record), FieldManager, ct);
            return (token, record);
        }
        if (TokenSecret.TokensOf(secret).Count() >= MostTokens)
            throw new TokenConflictException($"the cluster has {MostTokens} tokens; revoke one first");
        await Secrets.PatchAsync(key, Data(secret, token.Id, Convert.ToBase64String(Encoding.ASCII.GetBytes(record.Write()))), PatchOptions.Default with { FieldManager = FieldManager }, ct);
        return (token, record);
    }

    /// <summary>False when there is no such token.</summary>
    public async Task<bool> RevokeAsync(ObjectKey cluster, string id, CancellationToken ct)
    {
        if (await ClusterAsync(cluster, ct) is not { } owner || await OwnAsync(cluster, owner, ct) is not { } secret || secret.Data?.ContainsKey(id) != true)
            return false;
        await Secrets.PatchAsync(TokenSecret.KeyOf(cluster), Data(secret, id, null), PatchOptions.Default with { FieldManager = FieldManager }, ct);
        return true;
    }

    private async Task<PartialObjectMetadata?> ClusterAsync(ObjectKey cluster, CancellationToken ct) =>
        await management.Metadata(FleetKinds.ClusterDeployments.Kind).GetAsync(cluster, ct) is { } found && !found.Metadata.IsBeingDeleted ? found : null;

    private async Task<Secret?> OwnAsync(ObjectKey cluster, PartialObjectMetadata owner, CancellationToken ct)
    {
        var key = TokenSecret.KeyOf(cluster);
        if (await Secrets.GetAsync(key, ct) is not { } secret)
            return null;
        return TokenSecret.OwnerOf(secret)?.Uid == owner.Metadata.Uid
            ? secret
            : throw new TokenConflictException($"Secret {key.Name} is not this cluster's: it belongs to a former cluster of this name, or somebody else made it");
    }

    private static Secret New(ObjectKey key, PartialObjectMetadata owner, TelemetryToken token, TokenRecord record) => new()
    {
        ApiVersion = "v1",
        Kind = "Secret",
        Metadata = new()
        {
            Namespace = key.Namespace,
            Name = key.Name,
            Labels = new() { [TokenSecret.Label] = "true", [FleetLabels.Managed] = "true" },
            OwnerReferences =
            [
                new()
                {
                    ApiVersion = FleetKinds.ClusterDeployments.Kind.ApiVersion, Kind = "ClusterDeployment", Name = owner.Metadata.Key.Name, Uid = owner.Metadata.Uid!,
                },
            ],
        },
        Type = "Opaque",
        Data = new() { [token.Id] = Encoding.ASCII.GetBytes(record.Write()) },
    };

    /// <summary>The uid makes it a conflict when the Secret was exchanged meanwhile.</summary>
    private static Patch Data(Secret secret, string id, string? value) => Patch.Merge(new JsonObject
    {
        ["metadata"] = new JsonObject { ["uid"] = secret.Metadata.Uid },
        ["data"] = new JsonObject { [id] = value },
    });
}

/// <summary>The tokens of a cluster cannot be changed like this; the message says why.</summary>
public sealed class TokenConflictException(string message) : Exception(message);
