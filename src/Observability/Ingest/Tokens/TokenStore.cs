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

    /// <summary>Of those who write at once one gets through each time, so this is how many may be before one.</summary>
    private const int MostTries = 10;

    private IResourceClient<Secret> Secrets => management.Resource(CoreTypes.Secrets);

    /// <summary>Null when there is no such cluster.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, TokenRecord>>?> ListAsync(ObjectKey cluster, CancellationToken ct)
    {
        if (await ClusterAsync(cluster, ct) is not { } owner)
            return null;
        return await OwnAsync(cluster, owner, ct) is { } secret ? [.. TokenSecret.TokensOf(secret).OrderBy(token => token.Value.Created)] : [];
    }

    /// <summary>Null when there is no such cluster. The text of the token is to be had here and never again.</summary>
    /// <exception cref="TokenConflictException">There are too many, an object of that name is not ours, or others change the tokens all the time.</exception>
    public Task<(TelemetryToken Token, TokenRecord Record)?> CreateAsync(ObjectKey cluster, CancellationToken ct) =>
        OnWhatIsThereAsync<(TelemetryToken, TokenRecord)?>(cluster, null, async (owner, secret) =>
        {
            var token = TelemetryToken.Create();
            var record = new TokenRecord(token.Hash(), clock.GetUtcNow());
            if (secret is null)
                await Secrets.CreateAsync(New(TokenSecret.KeyOf(cluster), owner, token, record), FieldManager, ct);
            else if (TokenSecret.TokensOf(secret).Count() >= MostTokens)
                throw new TokenConflictException($"the cluster has {MostTokens} tokens; revoke one first");
            else
                await WriteAsync(secret, token.Id, Convert.ToBase64String(Encoding.ASCII.GetBytes(record.Write())), ct);
            return (token, record);
        }, ct);

    /// <summary>False when there is no such token.</summary>
    /// <exception cref="TokenConflictException">An object of that name is not ours, or others change the tokens all the time.</exception>
    public Task<bool> RevokeAsync(ObjectKey cluster, string id, CancellationToken ct) =>
        OnWhatIsThereAsync(cluster, false, async (_, secret) =>
        {
            if (secret?.Data?.ContainsKey(id) != true)
                return false;
            await WriteAsync(secret, id, null, ct);
            return true;
        }, ct);

    /// <summary>Between reading and writing the Secret can be made, changed, or go with its cluster: then it is looked at once more.</summary>
    /// <param name="none">The answer when there is no such cluster.</param>
    private async Task<T> OnWhatIsThereAsync<T>(ObjectKey cluster, T none, Func<PartialObjectMetadata, Secret?, Task<T>> change, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            if (await ClusterAsync(cluster, ct) is not { } owner)
                return none;
            try
            {
                return await change(owner, await OwnAsync(cluster, owner, ct));
            }
            catch (KubeApiException e) when (e.IsNotFound || e.IsAlreadyExists || e.IsConflict)
            {
                if (tries == MostTries)
                    throw new TokenConflictException("others change the tokens of this cluster at the same time; try again");
            }
        }
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

    /// <summary>The version makes it a conflict when the Secret was changed or exchanged meanwhile; or two would each see room for the last token.</summary>
    private Task WriteAsync(Secret secret, string id, string? value, CancellationToken ct) => Secrets.PatchAsync(
        secret.Metadata.Key,
        Patch.Merge(new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = secret.Metadata.ResourceVersion },
            ["data"] = new JsonObject { [id] = value },
        }),
        PatchOptions.Default with { FieldManager = FieldManager },
        ct);
}

/// <summary>The tokens of a cluster cannot be changed like this; the message says why.</summary>
public sealed class TokenConflictException(string message) : Exception(message);
