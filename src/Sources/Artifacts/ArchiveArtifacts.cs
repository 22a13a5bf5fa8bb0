namespace Fleet.Sources.Artifacts;

/// <summary>From a tar archive on disk to an artifact: unpacked with every check, without what is to be ignored.</summary>
internal sealed class ArchiveArtifacts(SourcesOptions options, ArtifactStore store)
{
    /// <summary>Throws <see cref="SourceException"/> (Refused) when the archive may not be used.</summary>
    public async Task<Artifact> PublishAsync(ArtifactName name, string archive, string? ignore, WorkFolder work, CancellationToken ct)
    {
        try
        {
            var rules = await RulesAsync(archive, ignore, work, ct);
            var content = work.Make("content");
            await UnpackAsync(archive, content, rules.Keeps, ct);
            return await store.PublishAsync(name.Source, name.Revision, content, ct);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new SourceException(SourceErrorKind.Refused, $"{name.Shown}: the artifact is refused: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new SourceException(SourceErrorKind.DiskFull, $"{name.Shown}: the artifact cannot be written: {e.Message}", e);
        }
    }

    // The archive is read twice, so that what is ignored is neither written nor counted.
    private async Task<IgnoreRules> RulesAsync(string archive, string? ignore, WorkFolder work, CancellationToken ct)
    {
        var found = work.Make("ignore");
        await UnpackAsync(archive, found, path => path == IgnoreRules.FileName || path.EndsWith("/" + IgnoreRules.FileName, StringComparison.Ordinal), ct);
        var files = Directory.EnumerateFiles(found, IgnoreRules.FileName, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(file => (Path.GetRelativePath(found, Path.GetDirectoryName(file)!) is var folder and not "." ? folder : "", File.ReadAllText(file)));
        return IgnoreRules.Of(files, ignore);
    }

    private async Task UnpackAsync(string archive, string folder, Func<string, bool> wanted, CancellationToken ct)
    {
        await using var stream = File.OpenRead(archive);
        await TarFiles.UnpackAsync(stream, folder, options.Limits, wanted, ct);
    }
}

/// <summary>What an artifact is known by: <paramref name="Source"/> is everything that decides its content beside the revision.</summary>
internal readonly record struct ArtifactName(string Source, string Revision, string Shown);
