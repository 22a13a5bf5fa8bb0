using System.Collections.Concurrent;
using Fleet.Contracts.Templates;
using Fleet.Control.Grains;
using Fleet.Control.Templates;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Policies;

/// <summary>
/// The files of sources that have revisions. Each is asked once in its interval, however many clusters it is for, and at once when it is stated otherwise or
/// somebody asks for a look; in between its artifact is read from the store. A look that fails is not repeated at every turn, and takes nothing away.
/// </summary>
internal sealed class PolicyFiles : IDisposable
{
    /// <summary>As flux has it where none is stated.</summary>
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Look> looks = new(StringComparer.Ordinal);
    private readonly ISourceFiles sources;
    private readonly SourceWatches watches;
    private readonly IGrainDirectory directory;
    private readonly TimeProvider clock;

    /// <summary>Looks of before are not good any more.</summary>
    private long generation;

    public PolicyFiles(ISourceFiles sources, SourceWatches watches, IGrainDirectory directory, TimeProvider clock)
    {
        (this.sources, this.watches, this.directory, this.clock) = (sources, watches, directory, clock);
        directory.Gained += LookAgain;
    }

    public static IReadOnlyList<string> Kinds { get; } = ["GitRepository", "OCIRepository", "Bucket"];

    /// <summary>Null when there is no such source.</summary>
    public Task<string?> VersionAsync(string kind, ObjectKey key, CancellationToken ct) => watches.VersionAsync(kind, key, ct);

    /// <param name="spec">Where they are.</param>
    /// <param name="key">The source; for a remote one whose namespace its credentials are in.</param>
    /// <param name="version">Of the source object; null for a remote one.</param>
    /// <param name="ct">Ends the work.</param>
    /// <returns>The files, and when the source wants to be looked at again.</returns>
    /// <exception cref="TemplateChartException">They cannot be had.</exception>
    public async Task<(SourceFiles Files, TimeSpan LookAgainAfter)> FetchAsync(SourceSpec spec, ObjectKey key, string? version, CancellationToken ct)
    {
        var id = spec is { LocalSourceRef: { } local } ? $"{local.Kind} {key}" : $"{key.Namespace} {spec.RemoteSourceSpec!.Oci}";
        var look = looks.GetOrAdd(id, _ => new());
        await look.Turn.WaitAsync(ct);
        var asked = Interlocked.Read(ref generation);
        try
        {
            if (look.Generation == asked && look.Version == version && look.Next is { } next && next > clock.GetUtcNow())
            {
                if (look.Problem is { } problem)
                    throw new TemplateChartException(problem.Message, problem.MayAppear);
                return (await sources.FetchAsync(spec, key, look.Pin, ct), next - clock.GetUtcNow());
            }

            var interval = await sources.IntervalAsync(spec, key, ct) is { } stated ? TimeSpan.FromTicks(Math.Max(stated.Ticks, Shortest.Ticks)) : DefaultInterval;
            var found = await sources.FetchAsync(spec, key, null, ct);
            (look.Generation, look.Version, look.Pin, look.Problem, look.Next) = (asked, version, new(found.Revision, found.Digest), null, clock.GetUtcNow() + interval);
            return (found, interval);
        }
        catch (TemplateChartException e)
        {
            if (look.Problem is null || look.Next <= clock.GetUtcNow() || look.Version != version || look.Generation != asked)
                (look.Generation, look.Version, look.Problem, look.Next) = (asked, version, e, clock.GetUtcNow() + AfterFailure);
            throw;
        }
        finally
        {
            look.Turn.Release();
        }
    }

    public void Dispose() => directory.Gained -= LookAgain;

    /// <summary>Whoever had those clusters may have given them a newer revision than was seen here: going on with ours would take it back until the next look.</summary>
    private void LookAgain() => Interlocked.Increment(ref generation);

    private sealed class Look
    {
        public long Generation { get; set; }

        public SemaphoreSlim Turn { get; } = new(1);

        public string? Version { get; set; }

        public SourcePin? Pin { get; set; }

        public TemplateChartException? Problem { get; set; }

        public DateTimeOffset? Next { get; set; }
    }
}
