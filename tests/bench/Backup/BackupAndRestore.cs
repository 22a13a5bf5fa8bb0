using System.Diagnostics;
using Amazon.S3;
using Amazon.S3.Transfer;
using Fleet.Bench.ControlPlane;
using Fleet.Bench.Processes;
using Fleet.Bench.Runner;
using Fleet.Sources.Buckets;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

namespace Fleet.Bench.Backup;

/// <summary>
/// <c>fleet backup create</c>, <c>verify</c> and <c>restore</c> as processes against a real S3 server, beside what one would do by hand: pg_dump through gzip to the same
/// bucket, and kubectl's get and create of each kind.
/// </summary>
internal sealed class BackupAndRestore : IBenchmark
{
    private const double Megabyte = 1024 * 1024;
    private const double LeastRate = 50;
    private const double MostMemory = 200;
    private const double MostRestoreSeconds = 300;

    /// <inheritdoc />
    public string Name => "backup";

    private static string Cli => Path.Combine(TestLogs.RepositoryRoot, "artifacts", "bin", "Cli", "release", "fleet.dll");

    /// <inheritdoc />
    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        var size = BackupSize.Of(Environment.GetCommandLineArgs());
        using var folder = new TemporaryFolder("bench-backup");
        var ceph = await MiniCeph.SharedAsync();
        var source = new BucketSource(ceph.Endpoint, "bench") { Insecure = true, Region = "default", Access = new(ceph.AccessKey, ceph.SecretKey) };
        using var s3 = BucketClients.Create(source);
        await s3.PutBucketAsync("bench", ct);
        await using var postgres = await PrivatePostgres.StartAsync();
        var connection = await postgres.NewDatabaseAsync();
        await SavedFleet.FillAsync(postgres, connection, size.Megabytes);
        folder.Write("postgres", connection);
        folder.Write("key", new string('7', 64));
        await using var server = await EmbeddedProcess.StartAsync();
        using (var client = SavedFleet.Connect(server))
        {
            await SavedFleet.DefineAsync(client, ct);
            await SavedFleet.FillAsync(client, size.Clusters, ct);
        }

        var run = new Run(folder, ceph, $"s3://bench/fleet?endpoint={ceph.Endpoint}&insecure=true&region=default");
        var results = new List<BenchResult>();
        results.AddRange(await BackupAsync(run, server, connection, s3, size, ct));
        results.AddRange(await RestoreAsync(run, size, ct));
        return results;
    }

    private static async Task<IReadOnlyList<BenchResult>> BackupAsync(Run run, EmbeddedProcess server, string connection, AmazonS3Client s3, BackupSize size, CancellationToken ct)
    {
        var dump = await DumpByHandAsync(connection, s3, ct);
        var get = await SecondsAsync(async () =>
        {
            foreach (var kind in SavedFleet.Kinds)
                await File.WriteAllTextAsync(run.Folder.File($"{kind}.json"), (await KubectlAsync(server, "get", kind, "-n", SavedFleet.Namespace, "-o", "json")).MustSucceed().Out, ct);
        });
        var create = await run.FleetAsync(server, "backup", "create", "bench", "--to", run.Bucket, "--key-file", run.Folder.File("key"), "--postgres", run.Folder.File("postgres"));
        var verify = await run.FleetAsync(server, "backup", "verify", "bench", "--at", run.Bucket, "--key-file", run.Folder.File("key"));
        var megabytes = size.Megabytes + (SavedFleet.Kinds.Sum(kind => new FileInfo(run.Folder.File($"{kind}.json")).Length) / Megabyte);
        var stored = (await s3.ListObjectsV2Async(new() { BucketName = "bench", Prefix = "fleet/" }, ct)).S3Objects.Sum(item => item.Size ?? 0) / Megabyte;
        var (rate, byHand) = (megabytes / create.Seconds, megabytes / (dump + get));
        var memory = Math.Max(create.Peak, verify.Peak);
        return
        [
            new($"backup/{size.Clusters * BackupSize.ObjectsOfCluster} objects and {size.Megabytes} MB, written and read back", rate, "MB/s", byHand, rate / byHand, $">= {LeastRate} MB/s", rate >= LeastRate),
            new("backup/reading back alone", megabytes / verify.Seconds, "MB/s", null, null, "-", true),
            new("backup/peak memory", memory, "MiB", null, null, $"<= {MostMemory} MiB", memory <= MostMemory),
            new("backup/own CPU", create.Cpu, "cpu-s", null, null, "-", true),
            new("backup/stored", stored, "MiB", null, null, "-", true),
        ];
    }

    private static async Task<IReadOnlyList<BenchResult>> RestoreAsync(Run run, BackupSize size, CancellationToken ct)
    {
        await using var fresh = await EmptyAsync(ct);
        var restore = await run.FleetAsync(fresh, "restore", "bench", "--from", run.Bucket, "--key-file", run.Folder.File("key"));
        await using var byHand = await EmptyAsync(ct);
        (await KubectlAsync(byHand, "create", "namespace", SavedFleet.Namespace)).MustSucceed();
        var create = await SecondsAsync(async () =>
        {
            foreach (var kind in SavedFleet.Kinds)
            {
                if (new FileInfo(run.Folder.File($"{kind}.json")).Length > 1000)
                    _ = await KubectlAsync(byHand, "create", "-f", run.Folder.File($"{kind}.json"));
            }
        });
        return
        [
            new($"backup/restore of {size.Clusters} clusters", restore.Seconds, "s", create, restore.Seconds / create, $"<= {MostRestoreSeconds} s", restore.Seconds <= MostRestoreSeconds),
            new("backup/restore, peak memory", restore.Peak, "MiB", null, null, $"<= {MostMemory} MiB", restore.Peak <= MostMemory),
            new("backup/restore, own CPU", restore.Cpu, "cpu-s", null, null, "-", true),
        ];
    }

    private static async Task<EmbeddedProcess> EmptyAsync(CancellationToken ct)
    {
        var server = await EmbeddedProcess.StartAsync();
        using var client = SavedFleet.Connect(server);
        await SavedFleet.DefineAsync(client, ct);
        return server;
    }

    /// <summary>pg_dump through gzip -1 into an object of the same bucket, by the SDK's own upload in parts.</summary>
    private static async Task<double> DumpByHandAsync(string connection, AmazonS3Client s3, CancellationToken ct)
    {
        var port = connection.Split("Port=", 2)[1].Split(';')[0];
        var database = connection.Split("Database=", 2)[1];
        return await SecondsAsync(async () =>
        {
            using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"'{RealParts.PostgresBin}/pg_dump' --format=custom --compress=0 -h 127.0.0.1 -p {port} -U fleet {database} | gzip -1"]) { RedirectStandardOutput = true })!;
            using var transfer = new TransferUtility(s3);
            await transfer.UploadAsync(new TransferUtilityUploadRequest { BucketName = "bench", Key = "by-hand", InputStream = shell.StandardOutput.BaseStream, PartSize = 16 * 1024 * 1024 }, ct);
            await shell.WaitForExitAsync(ct);
        });
    }

    private static Task<ProcessOutput> KubectlAsync(EmbeddedProcess server, params string[] arguments) =>
        ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", server.KubeconfigPath, .. arguments], timeout: TimeSpan.FromMinutes(30));

    private static async Task<double> SecondsAsync(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private sealed record Run(TemporaryFolder Folder, MiniCeph Ceph, string Bucket)
    {
        /// <summary>The CLI as a process, watched until its end.</summary>
        public async Task<(double Seconds, double Peak, double Cpu)> FleetAsync(EmbeddedProcess server, params string[] arguments)
        {
            var start = new ProcessStartInfo("dotnet", [Cli, .. arguments, "--kubeconfig", server.KubeconfigPath, "--data", Folder.File("data")]) { RedirectStandardError = true, RedirectStandardOutput = true };
            (start.Environment["AWS_ACCESS_KEY_ID"], start.Environment["AWS_SECRET_ACCESS_KEY"]) = (Ceph.AccessKey, Ceph.SecretKey);
            var began = Stopwatch.GetTimestamp();
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            var use = default(ProcessUse);
            while (!process.HasExited)
            {
                try
                {
                    use = ProcessUse.Of(process.Id);
                }
                catch (Exception e) when (e is IOException or InvalidOperationException)
                {
                    // It ended while it was looked at; what was seen last stands.
                    break;
                }

                await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
            }

            await process.WaitForExitAsync();
            var words = $"{await error} {await output}";
            return process.ExitCode == 0
                ? (Stopwatch.GetElapsedTime(began).TotalSeconds, use.PeakResident, use.Own)
                : throw new InvalidOperationException($"fleet {arguments[0]} ended with {process.ExitCode}: {words}");
        }
    }
}
