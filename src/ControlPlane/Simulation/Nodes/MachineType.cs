namespace Fleet.ControlPlane.Simulation.Nodes;

/// <summary>What a machine of a type has.</summary>
internal readonly record struct MachineType(string Name, int Cpus, long MemoryMiB, int Gpus = 0, string GpuProduct = "")
{
    private static readonly Dictionary<string, (int Cpus, int GiB)> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["t3.nano"] = (2, 1), ["t3.micro"] = (2, 1), ["t3.small"] = (2, 2), ["t3.medium"] = (2, 4), ["t3.large"] = (2, 8),
        ["t3.xlarge"] = (4, 16), ["t3.2xlarge"] = (8, 32), ["m5.large"] = (2, 8), ["m5.xlarge"] = (4, 16), ["m5.2xlarge"] = (8, 32),
        ["m5.4xlarge"] = (16, 64), ["m6i.large"] = (2, 8), ["m6i.xlarge"] = (4, 16), ["m6i.2xlarge"] = (8, 32), ["c5.large"] = (2, 4),
        ["c5.xlarge"] = (4, 8), ["c5.2xlarge"] = (8, 16), ["c6i.large"] = (2, 4), ["c6i.xlarge"] = (4, 8), ["r5.large"] = (2, 16),
        ["r5.xlarge"] = (4, 32), ["g4dn.xlarge"] = (4, 16), ["p3.2xlarge"] = (8, 61), ["g4dn.12xlarge"] = (48, 192), ["Standard_NC4as_T4_v3"] = (4, 28), ["a2-highgpu-1g"] = (12, 85),
        ["Standard_B2s"] = (2, 4), ["Standard_A4_v2"] = (4, 8), ["Standard_D2s_v3"] = (2, 8), ["Standard_D4s_v3"] = (4, 16),
        ["Standard_D8s_v3"] = (8, 32), ["Standard_E2s_v3"] = (2, 16), ["Standard_E4s_v3"] = (4, 32), ["Standard_F2s_v2"] = (2, 4),
        ["e2-medium"] = (2, 4), ["e2-standard-2"] = (2, 8), ["e2-standard-4"] = (4, 16), ["n1-standard-1"] = (1, 4), ["n1-standard-2"] = (2, 8),
        ["n1-standard-4"] = (4, 15), ["n2-standard-2"] = (2, 8), ["n2-standard-4"] = (4, 16), ["n2-standard-8"] = (8, 32),
        ["m1.small"] = (1, 2), ["m1.medium"] = (2, 4), ["m1.large"] = (4, 8), ["m1.xlarge"] = (8, 16),
    };

    private static readonly Dictionary<string, (int Gpus, string Product)> Accelerated = new(StringComparer.OrdinalIgnoreCase)
    {
        ["g4dn.xlarge"] = (1, "Tesla-T4"), ["g4dn.12xlarge"] = (4, "Tesla-T4"), ["p3.2xlarge"] = (1, "Tesla-V100-SXM2-16GB"),
        ["Standard_NC4as_T4_v3"] = (1, "Tesla-T4"), ["a2-highgpu-1g"] = (1, "NVIDIA-A100-SXM4-40GB"),
    };

    /// <summary>The type of an unknown name has two CPUs and 4 GiB.</summary>
    public static MachineType Of(string? name)
    {
        if (name is null || !Known.TryGetValue(name, out var size))
            return new(name ?? "simulated", 2, 4096);
        var (gpus, product) = Accelerated.GetValueOrDefault(name, (0, ""));
        return new(name, size.Cpus, size.GiB * 1024L, gpus, product);
    }
}
