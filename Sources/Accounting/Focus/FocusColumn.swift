/// A column of the Cost and Usage dataset that is written. Conditional columns for what a ledger does not know (regions,
/// commitments, resources, sub-accounts, negotiated prices) are left out, as the specification has it.
public enum FocusColumn: String, Sendable, CaseIterable {
  case billedCost = "BilledCost"
  case billingAccountId = "BillingAccountId"
  case billingAccountName = "BillingAccountName"
  case billingCurrency = "BillingCurrency"
  case billingPeriodEnd = "BillingPeriodEnd"
  case billingPeriodStart = "BillingPeriodStart"
  case chargeCategory = "ChargeCategory"
  case chargeClass = "ChargeClass"
  case chargeDescription = "ChargeDescription"
  case chargeFrequency = "ChargeFrequency"
  case chargePeriodEnd = "ChargePeriodEnd"
  case chargePeriodStart = "ChargePeriodStart"
  case consumedQuantity = "ConsumedQuantity"
  case consumedUnit = "ConsumedUnit"
  case contractedCost = "ContractedCost"
  case effectiveCost = "EffectiveCost"
  case hostProviderName = "HostProviderName"
  case invoiceId = "InvoiceId"
  case invoiceIssuerName = "InvoiceIssuerName"
  case listCost = "ListCost"
  case listUnitPrice = "ListUnitPrice"
  case pricingCategory = "PricingCategory"
  case pricingQuantity = "PricingQuantity"
  case pricingUnit = "PricingUnit"
  case providerName = "ProviderName"
  case publisherName = "PublisherName"
  case serviceCategory = "ServiceCategory"
  case serviceName = "ServiceName"
  case serviceProviderName = "ServiceProviderName"
  case serviceSubcategory = "ServiceSubcategory"
  case skuId = "SkuId"
  case skuMeter = "SkuMeter"
  case skuPriceDetails = "SkuPriceDetails"
  case skuPriceId = "SkuPriceId"
  case tags = "Tags"
  /// The event's position.
  case position = "x_Position"
  /// `ledger/position/leaf`.
  case receiptId = "x_ReceiptId"
  /// The event's type.
  case eventType = "x_EventType"
  /// When the event happened.
  case eventTime = "x_EventTime"
  /// The model that served.
  case model = "x_Model"
  /// The position of the entry that it corrects.
  case corrects = "x_CorrectedPosition"
  /// The invoice that a cost stands on: 1.4 wants the line of the invoice beside `InvoiceId`, which nobody told.
  case invoice = "x_Invoice"

  /// Does it hold text that somebody chose, so that it may need quotes?
  var isText: Bool {
    switch self {
    case .chargeDescription, .hostProviderName, .invoice, .invoiceId, .invoiceIssuerName, .model, .providerName,
      .publisherName, .serviceProviderName, .skuId, .skuPriceId, .tags:
      true
    default: false
    }
  }

  func stands(in version: FocusVersion) -> Bool {
    switch self {
    case .invoiceId, .providerName, .publisherName: version == .v1_2
    case .hostProviderName, .invoice, .serviceProviderName: version == .v1_4
    default: true
    }
  }
}
