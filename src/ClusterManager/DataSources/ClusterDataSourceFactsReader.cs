using Fleet.ClusterManager.References;
using Fleet.Contracts.References;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.DataSources;

/// <summary>Reads what concerns one ClusterDataSource.</summary>
internal sealed class ClusterDataSourceFactsReader(IKubernetesClient client, SecretValues secrets, SystemNamespaces system)
{
    public async Task<ClusterDataSourceFacts> ReadAsync(ClusterDataSource database, CancellationToken ct)
    {
        var key = database.Metadata.Key;
        var source = await client.Resource(FleetKinds.DataSources).GetAsync(key with { Name = database.Spec.DataSource }, ct);
        var (server, problem) = source is null ? (null, $"DataSource {key.Namespace}/{database.Spec.DataSource} does not exist") : await ServerAsync(source, ct);
        return new()
        {
            Object = database,
            Source = source,
            Server = server,
            Problem = problem,
            Kine = await PresentAsync(database, DataSourceSecrets.KineName(key.Name), DataSourceSecrets.KineKey, ct),
            Authority = source?.Spec.CertificateAuthority is { } authority ? await PresentAsync(database, DataSourceSecrets.AuthorityName(key.Name), authority.Key, ct) : null,
        };
    }

    private async Task<(ServerAccess? Server, string? Problem)> ServerAsync(DataSource source, CancellationToken ct)
    {
        var (spec, place) = (source.Spec, source.Metadata.Namespace ?? "");
        if (spec.Endpoints.Count == 0)
            return (null, $"DataSource {source.Metadata.Key} names no server");
        foreach (var reference in (SecretKeyReference[])[spec.Auth.Username, spec.Auth.Password])
            if (!await MayReadAsync(source, reference, ct))
                return (null, $"Secret {SecretValues.KeyOf(reference, place)} is in another namespace: only a DataSource that was distributed from there may take a value of it");
        var (user, userProblem) = await secrets.ReadAsync(spec.Auth.Username, place, ct);
        var (password, passwordProblem) = await secrets.ReadAsync(spec.Auth.Password, place, ct);
        var (authority, authorityProblem) = spec.CertificateAuthority is { } certificates ? await secrets.ReadCertificatesAsync(certificates, place, ct) : default;
        if ((userProblem ?? passwordProblem ?? authorityProblem) is { } problem)
            return (null, problem);
        if (spec.CertificateAuthority is not null && authority is not { Length: > 0 })
            return (null, $"{spec.CertificateAuthority.Key} of Secret {SecretValues.KeyOf(spec.CertificateAuthority, place)} is empty");
        // Secrets that were written by hand end with a line break more often than not.
        return (new(spec.Endpoints, user!.Trim(), password!.TrimEnd('\r', '\n'), authority), null);
    }

    // What is read goes to a server that the DataSource names: nobody may have another namespace's Secret sent to a server of his own.
    private async Task<bool> MayReadAsync(DataSource source, SecretKeyReference reference, CancellationToken ct)
    {
        var place = source.Metadata.Namespace ?? "";
        var secret = SecretValues.KeyOf(reference, place);
        if (secret.Namespace == place)
            return true;
        return system.Names.Contains(secret.Namespace)
            && await client.Resource(FleetKinds.DataSources).GetAsync(new(secret.Namespace, source.Metadata.Name ?? ""), ct) is { } original
            && original.Spec.Endpoints.SequenceEqual(source.Spec.Endpoints)
            && Keys(original).SequenceEqual(Keys(source));
    }

    private static IEnumerable<(ObjectKey Secret, string Key)> Keys(DataSource source)
    {
        foreach (var reference in (SecretKeyReference?[])[source.Spec.Auth.Username, source.Spec.Auth.Password, source.Spec.CertificateAuthority])
            if (reference is not null)
                yield return (SecretValues.KeyOf(reference, source.Metadata.Namespace ?? ""), reference.Key);
    }

    private async Task<PresentDocument?> PresentAsync(ClusterDataSource database, string name, string dataKey, CancellationToken ct)
    {
        var place = database.Metadata.Key with { Name = name };
        return await client.Dynamic(CoreKinds.Secrets).GetAsync(place, ct) is { } found
            ? new(CoreKinds.Secrets, place, found.Metadata.Uid, SecretValues.TextOf(found, dataKey), IsOurs(found.Metadata, database))
            : null;
    }

    private static bool IsOurs(ObjectMeta item, ClusterDataSource database) =>
        item.OwnerReferences?.Exists(owner => owner.Uid == database.Metadata.Uid) == true
        // Restored from a backup, which gives new uids.
        || (item.OwnerReferences is null or { Count: 0 } && item.Labels?.ContainsKey(Contracts.FleetLabels.Managed) == true);
}
