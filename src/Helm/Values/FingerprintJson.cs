using System.Text.Json.Serialization;
using Fleet.Helm.Releases;

namespace Fleet.Helm.Values;

[JsonSerializable(typeof(ReleaseOptions))]
internal sealed partial class FingerprintJson : JsonSerializerContext;
