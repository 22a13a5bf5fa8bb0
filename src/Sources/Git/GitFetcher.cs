using System.Security.Cryptography;
using System.Text;
using Fleet.Helm.Processes;
using Fleet.Helm.Versions;
using Fleet.Sources.Artifacts;

namespace Fleet.Sources.Git;

/// <summary>Artifacts from Git repositories, by the git binary: asks what the reference means now, and fetches that one commit unless the store has it.</summary>
internal sealed class GitFetcher(
    SourcesOptions options, ProcessRunner runner, PrivateFolders secrets, ArtifactStore store, ArchiveArtifacts archives, TimeProvider time)
{
    public async Task<Artifact> FetchAsync(GitSource source, CancellationToken ct)
    {
        var url = GitRules.Check(source);
        using var files = secrets.Create();
        using var work = store.NewWork();
        var place = await GitRedirects.FollowAsync(source, url, source.Timeout ?? options.Timeout, time, ct);
        var remote = new GitRemote(source, url, place, await GitAccessFiles.WriteAsync(source, url, place, files, ct), options, runner, time);
        var repository = work.Make("repository.git");
        await remote.InitializeAsync(repository, ct);

        var wanted = await ResolveAsync(source.Reference, remote, repository, ct);
        var name = NameOf(source, wanted.Label, wanted.Commit, remote.Shown);
        if (await store.FindAsync(name.Source, name.Revision, ct) is { } known) return known;

        var commit = await FetchAsync(source.Reference, wanted, remote, repository, ct);
        // Somebody may have pushed between the two questions: the revision says what really came.
        name = NameOf(source, wanted.Label, commit, remote.Shown);
        var archive = Path.Combine(work.Path, "commit.tar");
        await remote.ArchiveAsync(commit, archive, source.Folders, repository, ct);
        return await archives.PublishAsync(name, archive, source.Ignore, work, ct);
    }

    private static async Task<Wanted> ResolveAsync(GitReference reference, GitRemote remote, string folder, CancellationToken ct)
    {
        if (reference.Commit is { Length: > 0 } commit)
            return new(reference.Branch ?? "", commit, commit);
        if (reference.Name is { Length: > 0 } name)
            return await NamedAsync(name, name, remote, folder, ct);
        if (reference.SemVer is { Length: > 0 } range)
            return await NewestAsync(range, remote, folder, ct);
        if (reference.Tag is { Length: > 0 } tag)
            return await NamedAsync(tag, "refs/tags/" + tag, remote, folder, ct);
        var branch = reference.Branch is { Length: > 0 } given ? given : GitReference.DefaultBranch;
        return await NamedAsync(branch, "refs/heads/" + branch, remote, folder, ct);
    }

    private static async Task<Wanted> NamedAsync(string label, string name, GitRemote remote, string folder, CancellationToken ct)
    {
        var refs = await remote.RefsAsync(name, folder, ct);
        return refs.TryGetValue(name, out var commit)
            ? new(label, commit, name)
            : throw new SourceException(SourceErrorKind.NotFound, $"{remote.Shown} has no {name}.");
    }

    private static async Task<Wanted> NewestAsync(string text, GitRemote remote, string folder, CancellationToken ct)
    {
        var range = VersionRange.TryParse(text)
            ?? throw new SourceException(SourceErrorKind.Invalid, $"spec.ref.semver \"{text}\" is not a range of versions, for instance \">=1.0.0 <2.0.0\".");
        var newest = (await remote.RefsAsync("refs/tags/*", folder, ct))
            .Select(tag => (Name: tag.Key["refs/tags/".Length..], Commit: tag.Value))
            .Select(tag => (tag.Name, tag.Commit, Version: SemanticVersion.TryParse(tag.Name)))
            .Where(tag => tag.Version is not null && range.Contains(tag.Version))
            .OrderByDescending(tag => tag.Version).ThenBy(tag => tag.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return newest.Version is null
            ? throw new SourceException(SourceErrorKind.NotFound, $"{remote.Shown} has no tag that matches \"{text}\".")
            : new(newest.Name, newest.Commit, "refs/tags/" + newest.Name);
    }

    private static async Task<string> FetchAsync(GitReference reference, Wanted wanted, GitRemote remote, string folder, CancellationToken ct)
    {
        try
        {
            return await remote.FetchAsync(wanted.Fetch, wholeHistory: false, folder, ct);
        }
        catch (SourceException e) when (e.Kind == SourceErrorKind.NotFound && reference is { Commit.Length: > 0, Branch.Length: > 0 })
        {
            // The server gives away branches only, so the commit has to be found in the branch's history.
            await remote.FetchAsync("refs/heads/" + reference.Branch, wholeHistory: true, folder, ct);
            return await remote.CommitOfAsync(reference.Commit, folder, ct);
        }
    }

    private static ArtifactName NameOf(GitSource source, string label, string commit, string shown)
    {
        // Whoever has other credentials may not see the same; the credentials themselves are not kept.
        var access = source.Access is { } a ? string.Join('\0', a.Username, a.Password, a.BearerToken, a.SshIdentity) : "";
        var identity = string.Join('\n', "git", source.Url, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(access))), source.Ignore, string.Join('\0', source.Folders));
        return new(identity, label.Length == 0 ? $"sha1:{commit}" : $"{label}@sha1:{commit}", shown);
    }

    private sealed record Wanted(string Label, string Commit, string Fetch);
}
