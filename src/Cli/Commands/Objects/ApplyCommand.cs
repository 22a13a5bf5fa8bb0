using System.CommandLine;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Cli.Commands.Objects;

internal static class ApplyCommand
{
    private const string FieldManager = "fleet-cli";

    /// <summary>A CRD of the same apply is served a moment after it was accepted.</summary>
    private static readonly TimeSpan PatienceForKinds = TimeSpan.FromSeconds(15);

    public static Command Build()
    {
        var files = new Option<string[]>("--filename", "-f") { Description = "File, folder or - for standard input; may be repeated", Required = true, AllowMultipleArgumentsPerToken = true };
        var @namespace = new Option<string?>("--namespace", "-n") { Description = "Namespace for objects that name none. Default: default" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Let the server check everything, and change nothing" };
        var force = new Option<bool>("--force-conflicts") { Description = "Take over fields that another manager owns" };
        var command = new Command("apply", "Apply manifests (server-side apply), in any order of files.") { files, @namespace, dryRun, force };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = FleetConnection.Connect(parsed);
            var options = new ApplyOptions(FieldManager) { DryRun = parsed.GetValue(dryRun), Force = parsed.GetValue(force) };
            var failures = 0;
            foreach (var manifest in Manifests.Read(parsed.GetValue(files)!))
                failures += await TryApplyAsync(client, manifest, parsed.GetValue(@namespace) ?? "default", options, ct) ? 0 : 1;
            return failures == 0 ? ExitCodes.Success : ExitCodes.Failed;
        });
        return command;
    }

    /// <summary>One wrong object does not keep the others from being applied; each failure is printed.</summary>
    private static async Task<bool> TryApplyAsync(IKubernetesClient client, Manifest manifest, string @namespace, ApplyOptions options, CancellationToken ct)
    {
        try
        {
            Console.WriteLine(await ApplyAsync(client, manifest, @namespace, options, ct));
            return true;
        }
        catch (KubeApiException error) when (error.Code != 0)
        {
            return await Failure.ToExitCodeAsync(() => throw new KubeApiException(error.Code, error.Reason, $"{manifest.Source}: {error.Message}", error.Details)) == 0;
        }
    }

    /// <summary>Applies one object and says what became of it, as kubectl does: <c>kind.group/name created</c>.</summary>
    public static async Task<string> ApplyAsync(IKubernetesClient client, Manifest manifest, string @namespace, ApplyOptions options, CancellationToken ct)
    {
        var kind = await FindKindAsync(client, manifest, ct);
        var metadata = manifest.Object.Root["metadata"]?.AsObject()
            ?? throw new CommandException($"{manifest.Source}: metadata is missing.", ExitCodes.Usage);
        if (kind.Namespaced && metadata["namespace"] is null)
            metadata["namespace"] = @namespace;

        var resource = client.Dynamic(kind);
        var before = await resource.GetAsync(new DynamicObject(manifest.Object.Root).Key, ct);
        var after = await resource.ApplyAsync(manifest.Object.Root, options, ct);
        var verb = before is null ? "created"
            : before.Metadata.ResourceVersion == after.Metadata.ResourceVersion ? "unchanged"
            : "configured";
        var group = kind.Group.Length == 0 ? "" : "." + kind.Group;
        return $"{kind.Kind.ToLowerInvariant()}{group}/{after.Key.Name} {verb}{(options.DryRun ? " (server dry run)" : "")}";
    }

    private static async Task<ResourceKind> FindKindAsync(IKubernetesClient client, Manifest manifest, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await client.FindKindAsync(manifest.Kind, ct) is { } kind)
                return kind;
            if (TimeProvider.System.GetElapsedTime(began) > PatienceForKinds)
                throw new CommandException($"{manifest.Source}: the server knows no {manifest.Kind}. Are its CRDs installed?");
            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, ct);
        }
    }
}
