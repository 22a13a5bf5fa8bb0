using System.Security.Cryptography;
using Fleet.Helm.Signatures;
using Fleet.Sources;
using Fleet.Sources.Registries;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.Sources;

public class RegistrySourceTests
{
    [Fact]
    public async Task Tags_ranges_digests_and_layers_are_found()
    {
        var registry = await OciRegistry.SharedAsync();
        using var host = new SourcesHost();
        var first = await OciArtifact.PushAsync(registry, "manifests", "1.9.0", (OciArtifact.LayerType, OciArtifact.Tar(("a.yaml", "1")), null));
        var second = await OciArtifact.PushAsync(
            registry, "manifests", "1.10.0", ("text/other", OciArtifact.Tar(("other", "x")), null), (OciArtifact.LayerType, OciArtifact.Tar(("a.yaml", "2"), ("b.png", "x")), null));
        var source = Source(registry, "manifests");
        Assert.Equal($"1.9.0@{first}", (await FetchAsync(host, source with { Tag = "1.9.0" })).Revision);
        Assert.Equal($"1.10.0@{second}", (await FetchAsync(host, source with { SemVer = ">=1.0.0" })).Revision);
        Assert.Equal($"1.9.0@{first}", (await FetchAsync(host, source with { SemVer = ">=1.0.0", SemVerFilter = "9" })).Revision);
        Assert.Equal(first, (await FetchAsync(host, source with { Digest = first, Tag = "1.10.0" })).Revision);
        Assert.Equal(["other"], SourcesHost.FilesOf(await FetchAsync(host, source with { Tag = "1.10.0" })));
        Assert.Equal(["a.yaml"], SourcesHost.FilesOf(await FetchAsync(host, source with { Tag = "1.10.0", LayerMediaType = OciArtifact.LayerType })));
        Assert.Equal(["layer"], SourcesHost.FilesOf(await FetchAsync(host, source with { Tag = "1.10.0", CopyLayer = true })));
        Assert.Equal(SourceErrorKind.NotFound, (await FailsAsync(host, source with { Tag = "none" })).Kind);
        Assert.Equal(SourceErrorKind.NotFound, (await FailsAsync(host, source with { Tag = "1.9.0", LayerMediaType = "x/y" })).Kind);
        Assert.Equal(SourceErrorKind.Invalid, (await FailsAsync(host, source with { Digest = "sha256:short" })).Kind);
        var evil = await OciArtifact.PushAsync(registry, "manifests", "evil", (OciArtifact.LayerType, OciArtifact.Tar(("../x", "1")), null));
        Assert.NotEmpty(evil);
        Assert.Equal(SourceErrorKind.Refused, (await FailsAsync(host, source with { Tag = "evil" })).Kind);
    }

    [Fact]
    public async Task A_cosign_signature_must_be_there_fit_the_key_and_name_this_very_manifest()
    {
        var registry = await OciRegistry.SharedAsync();
        using var host = new SourcesHost();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var digest = await OciArtifact.PushAsync(registry, "signed", "1.0.0", (OciArtifact.LayerType, OciArtifact.Tar(("a", "1")), null));
        var source = Source(registry, "signed") with { Tag = "1.0.0", Keys = Keys(key) };
        Assert.Contains("has no cosign signature", (await FailsAsync(host, source)).Message, StringComparison.Ordinal);

        // A signature of the right key over another artifact, moved here.
        await OciArtifact.SignAsync(registry, "signed", digest, key, "sha256:" + new string('0', 64));
        Assert.Equal(SourceErrorKind.Refused, (await FailsAsync(host, source)).Kind);
        await OciArtifact.SignAsync(registry, "signed", digest, other);
        Assert.Equal(SourceErrorKind.Refused, (await FailsAsync(host, source)).Kind);

        await OciArtifact.SignAsync(registry, "signed", digest, key);
        Assert.Equal($"1.0.0@{digest}", (await FetchAsync(host, source)).Revision);
        // What one set of keys has let in, another set does not.
        Assert.Equal(SourceErrorKind.Refused, (await FailsAsync(host, source with { Keys = Keys(other) })).Kind);
    }

    private static RegistrySource Source(OciRegistry registry, string repository) => new(new($"oci://{registry.Host}/{repository}") { PlainHttp = true });

    private static CosignKeys Keys(ECDsa key) => new(new Dictionary<string, string> { ["cosign.pub"] = key.ExportSubjectPublicKeyInfoPem() });

    private static Task<Fleet.Sources.Artifacts.Artifact> FetchAsync(SourcesHost host, RegistrySource source) => host.Sources.FetchAsync(source, CancellationToken.None);

    private static Task<SourceException> FailsAsync(SourcesHost host, RegistrySource source) => Assert.ThrowsAsync<SourceException>(() => FetchAsync(host, source));
}
