using Fleet.Contracts.Sources;
using Fleet.Contracts.Templates;
using Fleet.Control.Durations;
using Fleet.Control.Kinds;
using Fleet.Helm.Repositories;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Sources;
using Fleet.Sources.Artifacts;
using Fleet.Sources.Buckets;
using Fleet.Sources.Git;
using Fleet.Sources.Registries;

namespace Fleet.Control.Templates;

internal sealed class SourceObjects(IKubernetesClient client, IArtifactSources sources, SourceSecrets secrets) : ISourceObjects
{
    public async Task<Artifact> FetchAsync(string kind, ObjectKey key, CancellationToken ct)
    {
        var shown = $"{kind} {key}";
        return kind switch
        {
            "GitRepository" => await GitAsync((await client.Resource(FleetKinds.GitRepositories).GetAsync(key, ct))?.Spec ?? throw Missing(shown), key, shown, ct),
            "Bucket" => await BucketAsync((await client.Resource(FleetKinds.Buckets).GetAsync(key, ct))?.Spec ?? throw Missing(shown), key, shown, ct),
            "OCIRepository" => await RegistryAsync((await client.Resource(FleetKinds.OciRepositories).GetAsync(key, ct))?.Spec ?? throw Missing(shown), key, shown, ct),
            _ => throw new TemplateChartException($"{kind} is not a kind of source that is supported; use GitRepository, Bucket or OCIRepository", false),
        };
    }

    public Task<Artifact> FetchAsync(RemoteSourceSpec spec, string @namespace, CancellationToken ct) => spec switch
    {
        { Git: { } git } => GitAsync(git, new(@namespace, ""), "remoteSourceSpec.git", ct),
        { Bucket: { } bucket } => BucketAsync(bucket, new(@namespace, ""), "remoteSourceSpec.bucket", ct),
        { Oci: { } oci } => RegistryAsync(oci, new(@namespace, ""), "remoteSourceSpec.oci", ct),
        _ => throw new TemplateChartException("remoteSourceSpec needs one of git, bucket and oci", false),
    };

    private async Task<Artifact> GitAsync(GitRepositorySpec spec, ObjectKey key, string shown, CancellationToken ct)
    {
        Refuse(shown, spec.Suspend == true, null);
        Refuse(shown, spec.Provider is { Length: > 0 } and not "generic", $"provider {spec.Provider}");
        Refuse(shown, spec.ServiceAccountName is { Length: > 0 }, "serviceAccountName");
        Refuse(shown, spec.ProxySecretRef is not null, "proxySecretRef");
        Refuse(shown, spec.Verify is not null, "verify");
        Refuse(shown, spec.RecurseSubmodules == true, "recurseSubmodules");
        Refuse(shown, spec.Include is { Count: > 0 }, "include");
        var secret = await secrets.ReadAsync(spec.SecretRef?.Name, shown, key.Namespace, ct);
        if (secret.ContainsKey("identity") && secret.ContainsKey("password"))
            throw new TemplateChartException($"{shown}: SSH keys with a passphrase are not supported; Secret {key.Namespace}/{spec.SecretRef!.Name} has keys identity and password", true);
        return await sources.FetchAsync(
            new GitSource(spec.Url)
            {
                Reference = new()
                {
                    Branch = spec.Ref?.Branch, Tag = spec.Ref?.Tag, SemVer = spec.Ref?.Semver, Name = spec.Ref?.Name, Commit = spec.Ref?.Commit,
                },
                Access = secret.Count == 0 ? null : AccessIn(secret),
                Ignore = spec.Ignore,
                Folders = spec.SparseCheckout ?? [],
                Timeout = Duration(spec.Timeout),
            },
            ct);
    }

    private async Task<Artifact> BucketAsync(BucketSpec spec, ObjectKey key, string shown, CancellationToken ct)
    {
        Refuse(shown, spec.Suspend == true, null);
        Refuse(shown, spec.Provider is "gcp" or "azure", $"provider {spec.Provider}");
        // Without a Secret, aws would mean the identity of the machine that Fleet runs on: that is not the user's to give.
        Refuse(shown, spec is { Provider: "aws", SecretRef: null }, "provider aws without secretRef");
        Refuse(shown, spec.Sts is not null, "sts");
        Refuse(shown, spec.ServiceAccountName is { Length: > 0 }, "serviceAccountName");
        Refuse(shown, spec.ProxySecretRef is not null, "proxySecretRef");
        var secret = await secrets.ReadAsync(spec.SecretRef?.Name, shown, key.Namespace, ct);
        if (spec.SecretRef is { } reference && !(secret.ContainsKey("accesskey") && secret.ContainsKey("secretkey")))
            throw new TemplateChartException($"{shown}: Secret {key.Namespace}/{reference.Name} needs keys accesskey and secretkey", true);
        var certificates = await secrets.ReadAsync(spec.CertSecretRef?.Name, shown, key.Namespace, ct);
        return await sources.FetchAsync(
            new BucketSource(spec.Endpoint, spec.BucketName)
            {
                Prefix = spec.Prefix,
                Region = spec.Region,
                Insecure = spec.Insecure == true,
                Access = secret.Count == 0 ? null : new(secret["accesskey"], secret["secretkey"]),
                CaBundle = SourceSecrets.AuthorityIn(certificates),
                Ignore = spec.Ignore,
                Timeout = Duration(spec.Timeout),
            },
            ct);
    }

    private async Task<Artifact> RegistryAsync(OciRepositorySpec spec, ObjectKey key, string shown, CancellationToken ct)
    {
        Refuse(shown, spec.Suspend == true, null);
        Refuse(shown, spec.Provider is { Length: > 0 } and not "generic", $"provider {spec.Provider}");
        Refuse(shown, spec.ServiceAccountName is { Length: > 0 }, "serviceAccountName");
        Refuse(shown, spec.ProxySecretRef is not null, "proxySecretRef");
        var login = await secrets.ReadAsync(spec.SecretRef?.Name, shown, key.Namespace, ct);
        var certificates = await secrets.ReadAsync(spec.CertSecretRef?.Name, shown, key.Namespace, ct);
        var repository = new RepositorySource(spec.Url)
        {
            Credentials = SourceSecrets.CredentialsIn(login, spec.Url),
            CaBundle = SourceSecrets.AuthorityIn(certificates),
            PlainHttp = spec.Insecure == true,
        };
        return await sources.FetchAsync(
            new RegistrySource(repository)
            {
                Digest = spec.Ref?.Digest,
                SemVer = spec.Ref?.Semver,
                SemVerFilter = spec.Ref?.SemverFilter,
                Tag = spec.Ref?.Tag,
                LayerMediaType = spec.LayerSelector?.MediaType,
                CopyLayer = spec.LayerSelector?.Operation == "copy",
                Keys = await secrets.KeysAsync(spec.Verify, shown, key.Namespace, ct),
                Ignore = spec.Ignore,
            },
            ct);
    }

    private static GitAccess AccessIn(IReadOnlyDictionary<string, string> secret) => new()
    {
        Username = secret.GetValueOrDefault("username"),
        Password = secret.GetValueOrDefault("password"),
        BearerToken = secret.GetValueOrDefault("bearerToken"),
        CaBundle = SourceSecrets.AuthorityIn(secret),
        ClientCertificate = secret.GetValueOrDefault("tls.crt"),
        ClientKey = secret.GetValueOrDefault("tls.key"),
        SshIdentity = secret.GetValueOrDefault("identity"),
        KnownHosts = secret.GetValueOrDefault("known_hosts"),
    };

    // What is not done must not look done.
    private static void Refuse(string shown, bool applies, string? what)
    {
        if (applies)
            throw new TemplateChartException(what is null ? $"{shown} is suspended" : $"{shown}: {what} is not supported", true);
    }

    private static TemplateChartException Missing(string shown) => new($"{shown} does not exist", true);

    private static TimeSpan? Duration(string? text) => GoDuration.TryParse(text, out var duration) && duration > TimeSpan.Zero ? duration : null;
}
