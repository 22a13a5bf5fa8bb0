using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Managements;

/// <summary>A backup that an upgrade waits for: a copy of a ManagementBackup, for the release that is left.</summary>
internal sealed record UpgradeBackup(string Name, string Source)
{
    public bool Exists { get; init; }

    /// <summary>What the backup's status says; null while it says nothing.</summary>
    public string? Phase { get; init; }

    public string? Error { get; init; }

    /// <summary>Where to and by which key: what the copy takes over.</summary>
    public JsonObject Spec { get; init; } = [];

    public bool IsCompleted => Phase == "Completed";

    /// <summary>Velero's words for an end that is not good.</summary>
    public bool HasFailed => !IsCompleted && Error is { Length: > 0 } || Phase is "Failed" or "PartiallyFailed" or "FailedValidation";
}

/// <summary>Reads and asks for the backups before an upgrade. Where there is no such kind there is nothing to wait for.</summary>
internal sealed class UpgradeBackups(IKubernetesClient client)
{
    /// <summary>Without them it would go elsewhere, or be made with another key. What makes a schedule is left out: the copy is made once.</summary>
    private static readonly string[] Copied = ["storageLocation", "bucket", "folder", "encryptionSecretRef", "excludeDatabase"];

    private static readonly GroupVersionKind Kind = new(FleetApi.Group, FleetApi.Version, "ManagementBackup");

    public static bool IsKind(string group, string kind) => group == Kind.Group && kind == Kind.Kind;

    /// <param name="release">The release that is installed.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<UpgradeBackup>> ReadAsync(string release, CancellationToken ct)
    {
        if (await client.FindKindAsync(Kind, ct) is not { } kind)
            return [];
        var all = (await client.Dynamic(kind).ListAsync(ListOptions.All, ct)).Items;
        var byName = all.ToDictionary(backup => backup.Key.Name, StringComparer.Ordinal);
        return [.. all
            .Where(backup => backup.At("spec", "performOnManagementUpgrade") is JsonValue wanted && wanted.TryGetValue<bool>(out var perform) && perform)
            .Where(backup => backup.Metadata.Labels?.ContainsKey(FleetLabels.ReleaseBackup) != true && !backup.Metadata.IsBeingDeleted)
            .OrderBy(backup => backup.Key.Name, StringComparer.Ordinal)
            .Select(backup => Of(backup, release, byName))];
    }

    public async Task CreateAsync(UpgradeBackup backup, string release, GrainOwnership ownership, CancellationToken ct)
    {
        if (await client.FindKindAsync(Kind, ct) is not { } kind)
            return;
        ownership.EnsureCurrent();
        try
        {
            await client.Dynamic(kind).CreateAsync(
                new(new JsonObject
                {
                    ["apiVersion"] = kind.ApiVersion,
                    ["kind"] = kind.Kind,
                    ["metadata"] = new JsonObject
                    {
                        ["name"] = backup.Name,
                        ["labels"] = new JsonObject { [FleetLabels.Component] = "kcm", [FleetLabels.ReleaseBackup] = release },
                    },
                    ["spec"] = backup.Spec.DeepClone(),
                }),
                ct);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            // Asked for already.
        }
    }

    private static UpgradeBackup Of(DynamicObject source, string release, Dictionary<string, DynamicObject> all)
    {
        var name = $"{source.Key.Name}-{release}";
        var copy = all.GetValueOrDefault(name);
        return new(name, source.Key.Name)
        {
            Exists = copy is not null,
            Phase = (string?)copy?.At("status", "lastBackup", "phase"),
            Error = (string?)copy?.At("status", "error"),
            Spec = new(Copied.Where(field => source.At("spec", field) is not null).Select(field => KeyValuePair.Create(field, source.At("spec", field)?.DeepClone()))),
        };
    }
}
