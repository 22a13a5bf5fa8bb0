using System.Globalization;

namespace Fleet.Bench.Backup;

/// <summary>How much is backed up: <c>--clusters</c> of ten objects each, and <c>--megabytes</c> of PostgreSQL.</summary>
internal sealed record BackupSize(int Clusters, int Megabytes)
{
    public const int ObjectsOfCluster = 10;

    public static BackupSize Of(IReadOnlyList<string> arguments) => new(Number(arguments, "--clusters", 1_000), Number(arguments, "--megabytes", 1_024));

    private static int Number(IReadOnlyList<string> arguments, string name, int otherwise)
    {
        for (var i = 0; i + 1 < arguments.Count; i++)
        {
            if (arguments[i] == name)
                return int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw new ArgumentException($"{name} takes a number from 1");
        }

        return otherwise;
    }
}
