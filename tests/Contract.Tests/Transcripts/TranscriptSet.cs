using System.Collections.Concurrent;
using Fleet.Testing;
using Fleet.Testing.ApiServers;

namespace Fleet.Contract.Tests.Transcripts;

/// <summary>
/// A script's transcripts of every tool on every server, each made once, when first asked for. A script's order matters, so it is
/// run as a whole, and the tests look at its steps one by one.
/// </summary>
internal sealed class TranscriptSet(IReadOnlyList<Step> script, IReadOnlyDictionary<string, string>? files = null)
{
    private readonly ConcurrentDictionary<(string Tool, string Server), Lazy<Task<Transcript>>> _transcripts = new();

    public IReadOnlyList<Step> Script => script;

    public Step Step(string name) => script.Single(step => step.Name == name);

    public Task<Transcript> OfAsync(RealTool tool, string server) =>
        _transcripts.GetOrAdd((tool.Version, server), _ => new(() => Task.Run(() => RunAsync(tool, server)))).Value;

    private async Task<Transcript> RunAsync(RealTool tool, string server) =>
        await Transcript.RunAsync(tool, await ApiServers.SharedAsync(server), script, files);
}
