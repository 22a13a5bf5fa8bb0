using Fleet.Contracts.Templates;
using Fleet.Kubernetes.Objects;
using Fleet.Sources;
using Fleet.Sources.Artifacts;

namespace Fleet.Control.Templates;

/// <summary>Flux' source objects (GitRepository, Bucket, OCIRepository) and their Secrets, followed to what they hold. No source controller is needed.</summary>
public interface ISourceObjects
{
    /// <summary>
    /// Throws <see cref="TemplateChartException"/> when the object is absent or wrong, and <see cref="SourceException"/> when what it names can not be had.
    /// </summary>
    Task<Artifact> FetchAsync(string kind, ObjectKey key, CancellationToken ct);

    /// <summary>The same for a source that stands in a template itself; its Secrets are read in the namespace of the template.</summary>
    Task<Artifact> FetchAsync(RemoteSourceSpec spec, string @namespace, CancellationToken ct);
}
