namespace Fleet.Helm.Repositories;

/// <summary>A manifest, named by the digest of its own bytes. An index of manifests has no layers.</summary>
internal sealed record OciManifest(string Digest, IReadOnlyList<OciLayer> Layers);

/// <summary>A blob of a manifest; the digest is <c>sha256:</c> with 64 lower-case digits.</summary>
internal sealed record OciLayer(string MediaType, string Digest, IReadOnlyDictionary<string, string> Annotations);
