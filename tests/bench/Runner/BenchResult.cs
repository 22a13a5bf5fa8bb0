using System.Text.Json.Serialization;

namespace Fleet.Bench.Runner;

/// <summary>One figure. <see cref="Ratio"/> is value by baseline unless the benchmark says otherwise in its name.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">Ours.</param>
/// <param name="Unit">Of value and baseline.</param>
/// <param name="Baseline">What ran beside it, in the same unit; null where there is nothing to compare with.</param>
/// <param name="Ratio">Value to baseline.</param>
/// <param name="Target">As stated, for instance <c>ratio &lt;= 2</c>.</param>
/// <param name="Met">Whether the target was met in this run.</param>
public sealed record BenchResult(string Name, double Value, string Unit, double? Baseline, double? Ratio, string Target, bool Met);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BenchResult))]
internal sealed partial class BenchJson : JsonSerializerContext;
