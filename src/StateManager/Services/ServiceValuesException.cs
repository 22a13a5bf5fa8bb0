namespace Fleet.StateManager.Services;

/// <summary>Values that a person must repair; the message says where and never quotes a Secret.</summary>
internal sealed class ServiceValuesException(string message) : Exception(message);
