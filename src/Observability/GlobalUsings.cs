global using ClusterDeployment = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Clusters.ClusterDeploymentSpec, Fleet.Contracts.Clusters.ClusterDeploymentStatus>;
global using PriceSheet = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Prices.PriceSheetSpec, Fleet.Contracts.NoStatus>;
