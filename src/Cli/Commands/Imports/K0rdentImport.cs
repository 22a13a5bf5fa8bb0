using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Adoption;
using Fleet.Contracts;
using Fleet.Kubernetes.Objects;

namespace Fleet.Cli.Commands.Imports;

/// <summary>
/// Objects of k0rdent to objects of Fleet. The API group is the same, so most are taken as they are. A ClusterDeployment whose machines a Cluster API elsewhere keeps is
/// adopted by its kubeconfig: making it from its template would make the machines a second time. Pure.
/// </summary>
internal static class K0rdentImport
{
    public const string Group = "k0rdent.mirantis.com";

    private const string Version = $"{Group}/v1beta1";

    private const string Managed = $"{Group}/managed";

    /// <summary>Fields in which k0rdent's kinds, Flux' sources and identities name a Secret.</summary>
    private static readonly HashSet<string> SecretFields = ["secretRef", "secretName", "certSecretRef", "proxySecretRef", "caSecret", "username", "password", "certificateAuthority"];

    /// <summary>Order of taking: what others refer to comes first.</summary>
    private static readonly string[] Taken =
    [
        "HelmRepository", "GitRepository", "OCIRepository", "Bucket", "ProviderInterface", "StateManagementProvider", "ClusterTemplate", "ServiceTemplate", "ClusterTemplateChain", "ServiceTemplateChain",
        "ClusterAuthentication", "ClusterAuditPolicy", "DataSource", "ClusterIPAM", "ClusterIPAMClaim", "Credential", "AccessManagement", "ClusterDeployment", "MultiClusterService", "ManagementBackup",
    ];

    private static readonly Dictionary<string, string> NotTaken = new()
    {
        ["Management"] = "installs k0rdent's own components; Fleet's Management names a Release of Fleet (docs/catalog.md)",
        ["Release"] = "lists the components of a version of k0rdent",
        ["ProviderTemplate"] = "the charts install k0rdent's components; Fleet's catalog has providers of its own",
        ["Region"] = "its components are k0rdent's; make the Region anew with providers of Fleet's catalog",
    };

    private static readonly Dictionary<string, string> Derived = new()
    {
        ["ServiceSet"] = "Fleet makes them from ClusterDeployments and MultiClusterServices",
        ["ClusterDataSource"] = "Fleet makes them from ClusterDeployments",
        ["ClusterIPAM"] = "Fleet makes them from their claims",
    };

    /// <summary>Kinds that are read from a cluster.</summary>
    public static IEnumerable<string> Kinds => Taken.Concat(NotTaken.Keys).Concat(Derived.Keys).Distinct(StringComparer.Ordinal);

    /// <param name="objects">Everything that was read, Secrets and ConfigMaps among them.</param>
    /// <param name="activate">False: ClusterDeployments are written as dry runs, which check and do nothing.</param>
    public static IReadOnlyList<ImportedObject> Plan(IReadOnlyList<DynamicObject> objects, string adoptionTemplate, bool activate)
    {
        var others = objects.Where(item => item.ApiVersion == "v1" && item.Kind is "Secret" or "ConfigMap").ToDictionary(item => (item.Kind!, item.Key));
        var planned = objects.Where(item => !others.ContainsKey((item.Kind ?? "", item.Key)))
            .SelectMany(item => Plan(item, others, adoptionTemplate, activate)).OrderBy(Rank).ToList();
        var needed = planned.Where(item => item.Manifest is not null).SelectMany(item => References(item.Manifest!, item.Key.Namespace)).Distinct().ToList();
        var missing = needed.Where(reference => !others.ContainsKey(reference) && !planned.Any(item => item.Manifest is not null && (item.Kind, item.Key) == reference))
            .Select(reference => new ImportedObject(reference.Kind, reference.Key, ImportVerdict.NotSupported, "it is referred to and was not found; bring it along", null));
        return
        [
            .. needed.Where(others.ContainsKey).Select(reference => new ImportedObject(reference.Kind, reference.Key, ImportVerdict.AsIs, "", Bare(others[reference].Root, out _))),
            .. planned, .. missing,
        ];
    }

    /// <summary>Secrets and ConfigMaps that a manifest names, in the namespace that it means.</summary>
    public static IEnumerable<(string Kind, ObjectKey Key)> References(JsonNode? node, string @namespace)
    {
        if (node is JsonArray list)
            return list.SelectMany(item => References(item, @namespace));
        if (node is not JsonObject map)
            return [];
        var name = Text(map["name"]);
        var place = Text(map["namespace"]) is { Length: > 0 } stated ? stated : @namespace;
        (string, ObjectKey)[] own = Text(map["kind"]) is "Secret" or "ConfigMap" && name is not null && map["metadata"] is null ? [(Text(map["kind"])!, new(place, name))] : [];
        var secrets = map.Where(field => SecretFields.Contains(field.Key)).Select(field => field.Value switch
        {
            JsonObject reference when Text(reference["name"]) is { } named => ("Secret", new ObjectKey(Text(reference["namespace"]) is { Length: > 0 } other ? other : @namespace, named)),
            // Identities of AWS and vSphere name one of the namespace of their controller, for which the system namespace stands.
            JsonValue when field.Key is "secretRef" or "secretName" && Text(field.Value) is { Length: > 0 } named => ("Secret", new ObjectKey(@namespace.Length > 0 ? @namespace : "kcm-system", named)),
            _ => ("", default(ObjectKey)),
        }).Where(reference => reference.Item1.Length > 0);
        return own.Concat(secrets).Concat(map.SelectMany(field => References(field.Value, @namespace)));
    }

    private static IEnumerable<ImportedObject> Plan(DynamicObject item, Dictionary<(string, ObjectKey), DynamicObject> others, string adoptionTemplate, bool activate)
    {
        var kind = item.Kind ?? "";
        ImportedObject Left(ImportVerdict verdict, string why) => new(kind, item.Key, verdict, why, null);
        if (item.Root["metadata"]?["deletionTimestamp"] is not null)
            return [Left(ImportVerdict.NotSupported, "it is being deleted")];
        if (NotTaken.TryGetValue(kind, out var reason))
            return [Left(ImportVerdict.NotSupported, reason)];
        if (Derived.TryGetValue(kind, out reason))
            return [Left(ImportVerdict.NotNeeded, reason)];
        if (!Taken.Contains(kind))
            return item.ApiVersion?.StartsWith(Group, StringComparison.Ordinal) == true ? [Left(ImportVerdict.NotSupported, "Fleet has no such kind")] : AsIs(item);
        // Handed out by k0rdent from the system namespace; Fleet's AccessManagement does that anew.
        if (Text(item.Root["metadata"]?["labels"]?[Managed]) == "true" && kind is not ("HelmRepository" or "ClusterDeployment"))
            return [Left(ImportVerdict.NotNeeded, "k0rdent made it; Fleet makes it from the AccessManagement or the Release")];
        return kind switch
        {
            "ClusterDeployment" => Cluster(item, others, adoptionTemplate, activate),
            // A copy that an upgrade of k0rdent waited for: of another release of other components.
            "ManagementBackup" when Text(item.Root["metadata"]?["labels"]?[FleetLabels.ReleaseBackup]) is { } release => [Left(ImportVerdict.NotNeeded, $"k0rdent made it before it left {release}")],
            "ManagementBackup" => Backup(item, activate),
            _ => AsIs(item),
        };
    }

    private static IEnumerable<ImportedObject> AsIs(DynamicObject item)
    {
        var manifest = Bare(item.Root, out var changes);
        return [new(item.Kind!, item.Key, changes.Count == 0 ? ImportVerdict.AsIs : ImportVerdict.Changed, string.Join("; ", changes), manifest)];
    }

    /// <summary>
    /// Its schedule is Fleet's as well. Velero stays where k0rdent is, and two that write the same names into one bucket would meet: it is suspended until a person has looked.
    /// </summary>
    private static IEnumerable<ImportedObject> Backup(DynamicObject item, bool activate)
    {
        var manifest = Bare(item.Root, out var changes);
        var spec = (manifest["spec"] ??= new JsonObject()).AsObject();
        if (!activate)
        {
            spec["suspend"] = true;
            changes.Add("spec.suspend is set: k0rdent still makes its backups");
        }

        changes.Add(spec.ContainsKey("storageLocation")
            ? $"Fleet makes encrypted archives itself, with the key of Secret kcm-system/fleet-backup-key, and uses only the bucket of BackupStorageLocation {Text(spec["storageLocation"])}: bring that along, or name spec.bucket instead"
            : "Fleet makes encrypted archives itself, with the key of Secret kcm-system/fleet-backup-key: name spec.bucket, unless Velero's default BackupStorageLocation is here");
        return [new(item.Kind!, item.Key, ImportVerdict.Changed, string.Join("; ", changes), manifest)];
    }

    private static IEnumerable<ImportedObject> Cluster(DynamicObject item, Dictionary<(string, ObjectKey), DynamicObject> others, string adoptionTemplate, bool activate)
    {
        var manifest = Bare(item.Root, out var changes);
        var spec = manifest["spec"]!.AsObject();
        if (!activate)
        {
            spec["dryRun"] = true;
            changes.Add("spec.dryRun is set: k0rdent still looks after it");
        }
        // Its template looks after a cluster that exists already: nothing would be made a second time.
        if (Text(spec["template"])?.StartsWith("adopted-cluster", StringComparison.Ordinal) == true)
            return [new("ClusterDeployment", item.Key, changes.Count == 0 ? ImportVerdict.AsIs : ImportVerdict.Changed, string.Join("; ", changes), manifest)];
        var secret = new ObjectKey(item.Key.Namespace, item.Key.Name + "-kubeconfig");
        if (Kubeconfig(others, secret) is not { } kubeconfig)
            return [new("ClusterDeployment", item.Key, ImportVerdict.NotSupported, $"there is no Secret {secret} with its kubeconfig, by which it would be adopted", null)];
        var adopted = new AdoptionManifests(item.Key).Of(adoptionTemplate, kubeconfig).ToList();
        changes.Add($"adopted by its kubeconfig with the template {adoptionTemplate} instead of {Text(spec["template"])}; its machines stay with the Cluster API that made them");
        foreach (var field in (string[])["template", "credential"])
            spec[field] = adopted[2]["spec"]![field]!.DeepClone();
        foreach (var field in (string[])["config", "propagateCredentials", "cleanupOnDeletion", "ipamClaim", "clusterAuth", "auditPolicy", "dataSource"])
            if (spec.Remove(field))
                changes.Add($"without spec.{field}, which is about its machines");
        return
        [
            .. adopted.Take(2).Select(part => new ImportedObject((string)part["kind"]!, new DynamicObject(part).Key, ImportVerdict.Changed, $"made from the Secret {secret}", part)),
            new("ClusterDeployment", item.Key, ImportVerdict.Changed, string.Join("; ", changes), manifest),
        ];
    }

    private static string? Kubeconfig(Dictionary<(string, ObjectKey), DynamicObject> others, ObjectKey key) =>
        others.TryGetValue(("Secret", key), out var secret) && Text(secret.At("data", "value")) is { } value ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(value)) : null;

    /// <summary>Without what belongs to the server, or to the controllers there.</summary>
    private static JsonObject Bare(JsonObject item, out List<string> changes)
    {
        changes = [];
        var bare = item.DeepClone().AsObject();
        bare.Remove("status");
        var metadata = bare["metadata"]!.AsObject();
        foreach (var field in (string[])["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "ownerReferences", "finalizers", "selfLink"])
            metadata.Remove(field);
        (metadata["annotations"] as JsonObject)?.Remove("kubectl.kubernetes.io/last-applied-configuration");
        if (metadata["annotations"] is JsonObject { Count: 0 })
            metadata.Remove("annotations");
        var version = Text(bare["apiVersion"]) ?? "";
        var wanted = version.StartsWith(Group + "/", StringComparison.Ordinal) ? Version
            : version.StartsWith("source.toolkit.fluxcd.io/", StringComparison.Ordinal) ? "source.toolkit.fluxcd.io/v1" : version;
        if (wanted != version)
        {
            bare["apiVersion"] = wanted;
            changes.Add($"apiVersion {version} became {wanted}");
        }
        return bare;
    }

    private static int Rank(ImportedObject item) => item.Kind is "Secret" or "ConfigMap" ? -1 : Array.IndexOf(Taken, item.Kind) is var place and >= 0 ? place : 0;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
