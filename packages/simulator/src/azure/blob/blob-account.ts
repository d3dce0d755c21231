/** A storage account of the customer, as the service reaches it. */
export interface BlobAccount {
  /** Where its Blob service is: `http://127.0.0.1:10000` of an Azurite, which is asked for `/<account>/<container>/…`. */
  readonly origin: string;
  /** Base64. Stands for the role of the service's managed identity: with a wrong key the account answers 403. */
  readonly accountKey: string;
}
