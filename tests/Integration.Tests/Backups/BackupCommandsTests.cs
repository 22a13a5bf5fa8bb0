using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Testing;
using Fleet.Testing.Processes;

namespace Fleet.Integration.Tests.Backups;

/// <summary>Every command about backups, as people call them, against an API server of Fleet's kinds.</summary>
public sealed class BackupCommandsTests : IDisposable
{
    private readonly TemporaryFolder folder = new("backup-commands");

    [Fact]
    public async Task Each_command_does_and_says_what_it_is_for()
    {
        await using var stage = await BackupStage.StartAsync();
        await stage.ApplyAsync("""
            {apiVersion: v1, kind: Namespace, metadata: {name: kcm-system} }
            ---
            {apiVersion: v1, kind: Secret, metadata: {name: precious, namespace: kcm-system}, stringData: {a: b} }
            """);
        var (place, key, wrong) = (folder.File("archives"), folder.Write("key", new string('7', 64)), folder.Write("wrong", new string('8', 64)));

        var created = await SucceedAsync(stage, "backup", "create", "first", "--to", place, "--key-file", key, "--without-database");
        Assert.Matches("^first is written and verified: [0-9]+ objects, [0-9.]+ KiB stored\n$", created.Out);
        Assert.Matches(@"NAME\s+SIZE\s+AGE\s+first\s", (await SucceedAsync(stage, "backup", "list", "--at", place)).Out);
        Assert.Contains("first is whole: ", (await SucceedAsync(stage, "backup", "verify", "first", "--at", place, "--key-file", key)).Out, StringComparison.Ordinal);
        Assert.Contains("another one", await FailAsync(stage, 1, "backup", "verify", "first", "--at", place, "--key-file", wrong), StringComparison.Ordinal);
        Assert.Matches(@"objects/core/secrets\s+1\s", (await SucceedAsync(stage, "backup", "inspect", "first", "--at", place, "--key-file", key)).Out);

        // A secret that went comes back, and a dry run before says so and does nothing.
        await stage.Client.Dynamic(CoreKinds.Secrets).DeleteAsync(new("kcm-system", "precious"), Kubernetes.Resources.DeleteOptions.Background, TestContext.Current.CancellationToken);
        Assert.Contains(", dry run: 1 created", (await SucceedAsync(stage, "restore", "--from", place, "--key-file", key, "--only", "secrets/kcm-system/*", "--dry-run")).Out, StringComparison.Ordinal);
        Assert.Null(await stage.FindAsync("v1", "Secret", "precious", "kcm-system"));
        Assert.Contains(": 1 created", (await SucceedAsync(stage, "restore", "--from", place, "--key-file", key, "--only", "secrets/kcm-system/*")).Out, StringComparison.Ordinal);
        Assert.NotNull(await stage.FindAsync("v1", "Secret", "precious", "kcm-system"));

        Assert.Equal("first is deleted\n", (await SucceedAsync(stage, "backup", "delete", "first", "--at", place)).Out);
        Assert.Contains("There is no backup first", await FailAsync(stage, 3, "backup", "delete", "first", "--at", place), StringComparison.Ordinal);
        await SchedulesAsync(stage);
    }

    public void Dispose() => folder.Dispose();

    private static async Task SchedulesAsync(BackupStage stage)
    {
        Assert.Contains("nightly makes backups; the next ", (await SucceedAsync(stage, "backup", "schedule", "create", "nightly", "--cron", "0 3 * * *", "--folder", "here", "--keep", "7")).Out, StringComparison.Ordinal);
        Assert.Equal(("0 3 * * *", "here", 7), await SpecAsync(stage, spec => (spec.Schedule, spec.Folder, spec.Retention?.Count)));
        Assert.Matches(@"nightly\s+0 3 \* \* \*\s+-\s+never", (await SucceedAsync(stage, "backup", "schedule", "list")).Out);
        await SucceedAsync(stage, "backup", "schedule", "suspend", "nightly");
        Assert.True(await SpecAsync(stage, spec => spec.Suspend));
        await SucceedAsync(stage, "backup", "schedule", "resume", "nightly");
        Assert.Null(await SpecAsync(stage, spec => spec.Suspend));
        await SucceedAsync(stage, "backup", "schedule", "run-now", "nightly");
        var asked = (await stage.GetAsync("k0rdent.mirantis.com/v1beta1", "ManagementBackup", "nightly", "")).Metadata.Annotations!["reconcile.fluxcd.io/requestedAt"];
        Assert.True(long.Parse(asked, System.Globalization.CultureInfo.InvariantCulture) > 1_700_000_000);
        Assert.Contains("its archives stay", (await SucceedAsync(stage, "backup", "schedule", "delete", "nightly")).Out, StringComparison.Ordinal);
        Assert.Contains("There is no ManagementBackup nightly", await FailAsync(stage, 3, "backup", "schedule", "run-now", "nightly"), StringComparison.Ordinal);
    }

    private static async Task<TField> SpecAsync<TField>(BackupStage stage, Func<Contracts.Backups.ManagementBackupSpec, TField> field) =>
        field((await stage.Client.Resource(FleetKinds.ManagementBackups).GetAsync(ObjectKey.Cluster("nightly"), TestContext.Current.CancellationToken))!.Spec);

    private static async Task<ProcessOutput> SucceedAsync(BackupStage stage, params string[] arguments) => (await RunAsync(stage, arguments)).MustSucceed();

    private static async Task<string> FailAsync(BackupStage stage, int code, params string[] arguments)
    {
        var output = await RunAsync(stage, arguments);
        Assert.Equal((code, ""), (output.ExitCode, output.Out));
        return output.Error;
    }

    private static Task<ProcessOutput> RunAsync(BackupStage stage, string[] arguments) => ProcessOutput.RunAsync(
        "dotnet", [Path.Combine(AppContext.BaseDirectory, "fleet.dll"), .. arguments, .. arguments is ["backup", "verify" or "inspect" or "delete", ..] ? (string[])[] : ["--kubeconfig", stage.KubeconfigPath]],
        timeout: TimeSpan.FromMinutes(1), environment: new Dictionary<string, string?> { ["NO_COLOR"] = "1" });
}
